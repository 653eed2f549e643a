/// Recognises an image by its bytes and reads its header, without decoding and without any C.
///
/// This is the gate in front of the decoders: what passes has a known format, a size within the limits, a known
/// memory bound, and lengths that are true to the file. Names and claimed media types are no input.
///
///     let header = try HeaderReader.read(upload.span, limits: ImageLimits())
///     try reserve(bytes: header.decodeMemoryBytes)
public enum HeaderReader {
    /// The format whose signature the file begins with, if any.
    public static func recognise(_ bytes: Span<UInt8>) -> ImageFormat? {
        // PNG §5.2: the line ends and the Control-Z in the signature show damage by text-mode transfers.
        if (try? bytes.bigEndian(4, at: 0)) == 0x8950_4E47, bytes.has("\r\n\u{1A}\n", at: 4) { return .png }
        // ITU T.81 §B.1.1.2 and §B.2.1: SOI, and at once the 0xFF of the next marker.
        if (try? bytes.bigEndian(3, at: 0)) == 0xFFD8FF { return .jpeg }
        if bytes.has("GIF87a", at: 0) || bytes.has("GIF89a", at: 0) { return .gif }
        if bytes.has("RIFF", at: 0), bytes.has("WEBP", at: 8) { return .webp }
        // Two letters begin many a text, so the size of the header that must follow is looked at too.
        if bytes.has("BM", at: 0), let size = try? bytes.littleEndian(4, at: 14) {
            return BMPLayout.headerSizes.contains(size) ? .bmp : nil
        }
        if bytes.has("II*\0", at: 0) || bytes.has("MM\0*", at: 0) { return .tiff }
        return AVIFHeader.recognises(bytes) ? .avif : nil
    }

    /// The header of the image, if it is within the limits.
    ///
    /// The whole file is walked (not decoded), so the frames are counted and every length is checked.
    public static func read(_ bytes: Span<UInt8>, limits: ImageLimits) throws(ImageRejection) -> ImageHeader {
        let allowed = limits.formats.sorted()
        guard let format = recognise(bytes) else { throw .invalidFileType(found: nil, allowed: allowed) }
        guard limits.formats.contains(format) else {
            throw .invalidFileType(found: format.rawValue, allowed: allowed)
        }
        let header: ImageHeader
        do throws(ImageFault) {
            header = try parse(bytes, as: format, PixelBudget(limits))
        } catch {
            throw error.rejection(of: format, limits)
        }
        guard header.decodeMemoryBytes <= limits.memoryMaxBytes else {
            throw .memoryExceeded(neededBytes: header.decodeMemoryBytes, memoryMaxBytes: limits.memoryMaxBytes)
        }
        return header
    }

    private static func parse(
        _ bytes: Span<UInt8>,
        as format: ImageFormat,
        _ budget: PixelBudget
    ) throws(ImageFault) -> ImageHeader {
        switch format {
        case .png: try PNGHeader.read(bytes, budget)
        case .jpeg: try JPEGHeader.read(bytes, budget)
        case .gif: try GIFHeader.read(bytes, budget)
        case .webp: try WebPHeader.read(bytes, budget)
        case .avif: try AVIFHeader.read(bytes, budget)
        case .bmp: try BMPHeader.read(bytes, budget)
        case .tiff: try TIFFHeader.read(bytes, budget)
        }
    }
}
