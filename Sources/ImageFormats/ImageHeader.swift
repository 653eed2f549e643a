/// What the header of an image file says, checked against the structure of the whole file.
public struct ImageHeader: Sendable, Hashable {
    /// The format that the bytes are in.
    public var format: ImageFormat
    /// Width of the canvas in pixels, as stored (before ``orientation`` is applied), at least 1.
    public var width: Int
    /// Height of the canvas in pixels, as stored (before ``orientation`` is applied), at least 1.
    public var height: Int
    /// Pictures in the file: frames of an animation, pages of a TIFF; 1 for a still image.
    public var frames: Int
    /// Upper bound of the memory, in bytes, that decoding the file for validation takes besides the file itself.
    ///
    /// It is known before any decoder runs, so a caller can reserve it first.
    public var decodeMemoryBytes: Int
    /// How the stored pixels are to be turned for display: 1 (as stored) … 8, numbered as EXIF does (tag 0x0112).
    public var orientation: Int

    /// A header as read; `orientation` is 1 where the file does not say.
    public init(
        format: ImageFormat,
        width: Int,
        height: Int,
        frames: Int = 1,
        decodeMemoryBytes: Int,
        orientation: Int = 1
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.frames = frames
        self.decodeMemoryBytes = decodeMemoryBytes
        self.orientation = orientation
    }

    /// Width and height as displayed: orientations 5 … 8 stand the image on its side.
    public var displaySize: (width: Int, height: Int) {
        orientation >= 5 ? (height, width) : (width, height)
    }
}
