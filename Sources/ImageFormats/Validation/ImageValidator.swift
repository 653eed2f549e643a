/// Decides whether a file is an image that decodes whole, within limits, whatever its bytes are.
///
///     let header = try ImageValidator.validate(upload.span, limits: limits)
///
/// Header first: ``HeaderReader`` must let the file pass before a decoder sees a byte. Then every row of every frame is
/// decoded, in bounded memory (``ImageHeader/decodeMemoryBytes``), and thrown away. Nothing is copied.
///
/// What every browser shows without a word is no damage: unknown ancillary chunks, bytes after the end of the image,
/// a GIF without trailer. What a viewer would have to make up is: missing data, a wrong checksum, a broken code.
///
/// The work is done on the caller's thread and takes, at 50 million pixels, up to seconds. All of this is safe to
/// call from several threads at once.
public enum ImageValidator {
    /// The header of the image, if it is within the limits and decodes whole.
    @discardableResult
    public static func validate(
        _ bytes: Span<UInt8>,
        limits: ImageLimits
    ) throws(ImageRejection) -> ImageHeader {
        let header = try HeaderReader.read(bytes, limits: limits)
        try decode(bytes, header, limits: limits)
        return header
    }

    /// The header of the image, if it is within the limits and decodes whole.
    @discardableResult
    public static func validate(
        _ bytes: [UInt8],
        limits: ImageLimits
    ) throws(ImageRejection) -> ImageHeader {
        try validate(bytes.span, limits: limits)
    }

    /// The header of the image, if it is within the limits and decodes whole.
    @discardableResult
    public static func validate(
        _ bytes: UnsafeRawBufferPointer,
        limits: ImageLimits
    ) throws(ImageRejection) -> ImageHeader {
        try validate(bytes.assumingMemoryBound(to: UInt8.self).span, limits: limits)
    }

    /// Decodes the whole image and keeps nothing: the second half of ``validate(_:limits:)-(Span<UInt8>,_)``, for a
    /// caller that reserves ``ImageHeader/decodeMemoryBytes`` in between.
    ///
    /// - Parameter header: what ``HeaderReader/read(_:limits:)`` returned for these very bytes and limits.
    public static func decode(
        _ bytes: Span<UInt8>,
        _ header: ImageHeader,
        limits: ImageLimits
    ) throws(ImageRejection) {
        do throws(ImageFault) {
            switch header.format {
            case .png: try PNGContent.decode(bytes, header)
            case .jpeg: try JPEGContent.decode(bytes, header)
            case .gif: try GIFContent.decode(bytes, PixelBudget(limits))
            case .webp: try WebPContent.decode(bytes)
            case .avif: try AVIFContent.decode(bytes, header)
            case .bmp: try BMPContent.decode(bytes)
            case .tiff: try TIFFContent.decode(bytes, header)
            }
        } catch {
            throw error.rejection(of: header.format, limits)
        }
    }
}
