/// What an image may be and may cost. Every limit is checked from the header, before a decoder sees a byte.
public struct ImageLimits: Sendable, Hashable {
    /// Formats that are let in; a file in any other is ``ImageRejection/invalidFileType(found:allowed:)``.
    public var formats: Set<ImageFormat>
    /// Greatest width × height × frames; a file over it is ``ImageRejection/tooLarge(width:height:frames:pixelsMax:)``.
    public var pixelsMax: Int
    /// Greatest number of frames, however small: each costs a decoder its beginning. A file over it is
    /// ``ImageRejection/tooManyFrames(framesMax:)``.
    public var framesMax: Int
    /// Greatest ``ImageHeader/decodeMemoryBytes``; a file over it is
    /// ``ImageRejection/memoryExceeded(neededBytes:memoryMaxBytes:)``.
    public var memoryMaxBytes: Int

    /// The formats that every browser shows: the default of `IMAGE_FORMATS`.
    public static let defaultFormats: Set<ImageFormat> = [.png, .jpeg, .gif, .webp]

    /// Limits; the defaults are those of `IMAGE_FORMATS`, `MAX_IMAGE_PIXELS` and `MAX_INFLIGHT_BYTES`.
    public init(
        formats: Set<ImageFormat> = ImageLimits.defaultFormats,
        pixelsMax: Int = 50_000_000,
        framesMax: Int = 20_000,
        memoryMaxBytes: Int = 268_435_456
    ) {
        self.formats = formats
        self.pixelsMax = pixelsMax
        self.framesMax = framesMax
        self.memoryMaxBytes = memoryMaxBytes
    }
}
