/// How many groups of prefix codes a WebP lossless picture uses (RFC 9649 §3.7.2.2).
///
/// libwebp reserves up to 20 KB for each, and a picture can have 65,536: a file of 300 KB then takes 1.3 GB. The number
/// stands nowhere; it follows from the entropy image, which is decoded here and costs at most a sixteenth of the picture.
struct LosslessPicture {
    /// Groups that libwebp reserves memory for.
    private(set) var groups = 1
    /// Bits of the index into the colour cache, 0 without one.
    private(set) var cacheBits = 0

    /// Tables of a group in libwebp: 4 bytes for each entry, of which the cache has its share.
    var tableBytes: Int { groups * (4 * (2980 + (1 << cacheBits)) + 640) }

    /// Reads as much as is needed of the stream in `range`, which begins after the header with the size (§3.4); a plane
    /// of alpha has none (§2.7.1.2).
    init(_ bytes: Span<UInt8>, in range: Range<Int>, width: Int, height: Int) throws(ImageFault) {
        var bits = LosslessBits(range)
        var columns = width
        var seen: Set<Int> = []
        while try bits.flag(bytes) {
            let transform = try bits.read(2, bytes)
            guard seen.insert(transform).inserted else { throw .malformed("a transform stands twice") }
            switch transform {
            case 0, 1:
                // Predictors and colour multipliers: one for each block.
                let size = try bits.read(3, bytes) + 2
                _ = try LosslessImage(
                    bytes,
                    &bits,
                    width: Self.blocks(columns, size),
                    height: Self.blocks(height, size)
                )
            case 2: break
            default:
                // A palette; if it is small, several pixels are packed into one.
                let colors = try bits.read(8, bytes) + 1
                _ = try LosslessImage(bytes, &bits, width: colors, height: 1)
                columns = Self.blocks(columns, colors <= 2 ? 3 : colors <= 4 ? 2 : colors <= 16 ? 1 : 0)
            }
        }
        cacheBits = try LosslessImage.readCacheBits(bytes, &bits)
        guard try bits.flag(bytes) else { return }
        let size = try bits.read(3, bytes) + 2
        let entropy = try LosslessImage(
            bytes,
            &bits,
            width: Self.blocks(columns, size),
            height: Self.blocks(height, size)
        )
        groups = Self.countGroups(entropy.pixels, pixelsMax: columns * height)
    }

    /// Blocks of 2^`bits` that cover `side`.
    private static func blocks(_ side: Int, _ bits: Int) -> Int { (side + (1 << bits) - 1) >> bits }

    /// Red and green of a pixel are the number of its group. libwebp takes the greatest as the count, or, if that is
    /// large, counts those in use.
    private static func countGroups(_ pixels: [UInt32], pixelsMax: Int) -> Int {
        var isUsed = [Bool](repeating: false, count: 1 << 16)
        var greatest = 0
        for pixel in pixels {
            let group = Int(pixel >> 8 & 0xFFFF)
            isUsed[group] = true
            greatest = max(greatest, group)
        }
        return greatest < 1000 && greatest < pixelsMax ? greatest + 1 : isUsed.count { $0 }
    }
}
