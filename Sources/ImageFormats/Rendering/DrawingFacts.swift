/// What of a file, besides its header, decides over the memory that rendering takes.
struct DrawingFacts: Hashable {
    /// Whether the rows come in several passes, so that all must be held until the last.
    var isInterlaced = false
    /// Whether a pixel can be transparent: encoding transparency as WebP takes several times the memory.
    var mayBeTransparent = true

    init(isInterlaced: Bool = false, mayBeTransparent: Bool = true) {
        (self.isInterlaced, self.mayBeTransparent) = (isInterlaced, mayBeTransparent)
    }

    /// For an image whose header was read.
    init(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        switch header.format {
        case .png:
            // IHDR's interlace method and colour type (PNG §11.2.1): types 4 and 6 have alpha, others may have tRNS.
            isInterlaced = try bytes.byte(at: 28) == 1
            let hasAlpha = try bytes.byte(at: 25) & 4 != 0
            mayBeTransparent = try hasAlpha ? true : Self.hasTransparencyChunk(bytes)
        case .webp:
            var chunks = try WebPChunks(bytes)
            let first = try chunks.nextPicture(bytes)
            mayBeTransparent = header.frames > 1 || first.map { $0.isLossless || !$0.alpha.isEmpty } ?? true
        case .jpeg: mayBeTransparent = false
        case .gif, .avif, .bmp, .tiff: break
        }
    }

    /// tRNS stands before IDAT (PNG §5.6).
    private static func hasTransparencyChunk(_ bytes: Span<UInt8>) throws(ImageFault) -> Bool {
        var offset = 8
        while !bytes.has("IDAT", at: offset + 4) {
            if bytes.has("tRNS", at: offset + 4) { return true }
            offset += try bytes.bigEndian(4, at: offset) + 12
        }
        return false
    }
}
