/// The header of an AVIF still image (AV1 Image File Format 1.1): one AV1 picture, perhaps with one of alpha.
enum AVIFHeader {
    /// libavif decodes no larger area.
    private static let areaMax = 16384 * 16384

    /// A still image has some hundred bytes of it. What is kept of it, here and in libavif, grows with it.
    private static let metaBytesMax = 256 * 1024

    /// dav1d holds three planes of colour and one of alpha at two bytes a sample, and all of them once more while it puts
    /// film grain over them.
    private static let bytesPerPixel = 16

    /// Whether the file type box names AVIF as what the file is or is compatible with.
    static func recognises(_ bytes: Span<UInt8>) -> Bool {
        brands(bytes).contains { $0 == ISOBox.type("avif") || $0 == ISOBox.type("avis") }
    }

    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        let items = try items(bytes)
        guard try items.primaryType() == ISOBox.type("av01") else { throw .unsupported("an AVIF of several tiles") }
        for picture in try items.pictures() {
            guard try AV1Units.countFrames(bytes, in: picture) == 1 else {
                throw .unsupported("an AVIF of several frames or layers")
            }
        }
        var size: (width: Int, height: Int)?
        var turns = 0
        var isMirrored = false
        for property in try items.primaryProperties() {
            let start = property.content.lowerBound
            switch property.type {
            case ISOBox.type("ispe"):
                size = try (bytes.bigEndian(4, at: start + 4), bytes.bigEndian(4, at: start + 8))
            case ISOBox.type("irot"):
                turns = Int(try bytes.byte(at: start) & 3)
            case ISOBox.type("imir"):
                // 0 swaps top and bottom, 1 left and right: that is 0 and half a turn more.
                isMirrored = true
                turns += try bytes.byte(at: start) & 1 == 0 ? 0 : 2
            default: break
            }
        }
        guard let size, size.width > 0, size.height > 0 else { throw .malformed("the image has no size") }
        let pixels = try budget.admit(width: size.width, height: size.height)
        guard pixels <= areaMax else { throw .unsupported("an AVIF larger than its decoder takes") }
        return ImageHeader(
            format: .avif,
            width: size.width,
            height: size.height,
            decodeMemoryBytes: 16 * 1024 * 1024 + pixels * bytesPerPixel,
            orientation: isMirrored ? [4, 5, 2, 7][turns % 4] : [1, 8, 3, 6][turns % 4]
        )
    }

    /// Brands of the file type box (ISO/IEC 14496-12 §4.3): the major one, its version, and the compatible ones.
    private static func brands(_ bytes: Span<UInt8>) -> [Int] {
        guard bytes.has("ftyp", at: 4), let size = try? bytes.bigEndian(4, at: 0) else { return [] }
        var brands: [Int] = []
        // No file has so many; the rest is not looked at.
        for offset in stride(from: 8, to: min(size, 8 + 4 * 64), by: 4) where offset != 12 {
            if let brand = try? bytes.bigEndian(4, at: offset) { brands.append(brand) }
        }
        return brands
    }

    /// The top-level boxes, of which `meta` is read. Those of a sequence are a film, which nothing here decodes.
    private static func items(_ bytes: Span<UInt8>) throws(ImageFault) -> AVIFItems {
        var items: AVIFItems?
        var hasData = false
        var offset = 0
        while offset < bytes.count {
            // Once the image is whole, bytes that are no box are no part of it.
            guard let box = try? ISOBox(bytes, at: offset, end: bytes.count) else {
                if items != nil, hasData { break }
                throw .truncated
            }
            switch box.type {
            case ISOBox.type("meta"):
                guard items == nil else { throw .malformed("meta stands twice") }
                guard box.content.count <= metaBytesMax else { throw .unsupported("an AVIF of very many items") }
                items = try AVIFItems(bytes, meta: box.content)
            case ISOBox.type("mdat"): hasData = true
            case ISOBox.type("moov"): throw .unsupported("an animated AVIF")
            default: break
            }
            offset = box.end
        }
        guard let items else { throw .truncated }
        return items
    }
}
