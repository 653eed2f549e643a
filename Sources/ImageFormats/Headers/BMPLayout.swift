/// The header of a BMP (BITMAPFILEHEADER and the kinds of BITMAPINFOHEADER), and where its pixels lie.
struct BMPLayout {
    /// How pixels are stored; the numbers are those of `biCompression`.
    enum Compression: Int {
        case none = 0
        case runLength8 = 1
        case runLength4 = 2
        case bitFields = 3
        case alphaBitFields = 6
    }

    /// Sizes of the second header that are in use: OS/2 1 and 2, and Windows 3 to 5 with what image programs write.
    static let headerSizes: Set<Int> = [12, 40, 52, 56, 64, 108, 124]

    let width: Int
    let height: Int
    /// Whether the first row is the upmost; otherwise rows run from the bottom up.
    let isTopDown: Bool
    let bitsPerPixel: Int
    let compression: Compression
    /// Bit masks of red, green, blue and alpha, for 16 and 32 bits a pixel.
    let masks: (red: Int, green: Int, blue: Int, alpha: Int)
    /// Where the palette stands; entries are blue, green, red and, unless `paletteEntryBytes` is 3, a spare byte.
    let palette: Range<Int>
    let paletteEntryBytes: Int
    let pixelsOffset: Int

    /// Bytes of an uncompressed row: a multiple of four.
    var rowBytes: Int { (width * bitsPerPixel + 31) / 32 * 4 }

    init(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) {
        let headerSize = try bytes.littleEndian(4, at: 14)
        guard Self.headerSizes.contains(headerSize) else { throw .malformed("an unknown header") }
        let isCore = headerSize == 12
        width = try isCore ? bytes.littleEndian(2, at: 18) : bytes.signedLittleEndian(at: 18)
        let storedHeight = try isCore ? bytes.littleEndian(2, at: 20) : bytes.signedLittleEndian(at: 22)
        isTopDown = storedHeight < 0
        height = abs(storedHeight)
        guard width > 0, height > 0 else { throw .malformed("width or height is zero or less") }
        try budget.admit(width: width, height: height)
        guard try bytes.littleEndian(2, at: isCore ? 22 : 26) == 1 else { throw .malformed("not one plane") }
        bitsPerPixel = try bytes.littleEndian(2, at: isCore ? 24 : 28)
        let code = try isCore ? 0 : bytes.littleEndian(4, at: 30)
        // OS/2 gives 3 and 4 another meaning: Huffman and 24-bit runs.
        guard let known = Compression(rawValue: code), headerSize != 64 || code < 3 else {
            throw .unsupported("a BMP of compression \(code)")
        }
        compression = known
        try Self.check(known, bitsPerPixel, isTopDown: isTopDown)
        pixelsOffset = try bytes.littleEndian(4, at: 10)
        guard pixelsOffset >= 14 + headerSize else { throw .malformed("the pixels begin inside the header") }
        masks = try Self.masks(bytes, known, bitsPerPixel, headerSize)
        paletteEntryBytes = isCore ? 3 : 4
        let colors = try isCore ? 0 : bytes.littleEndian(4, at: 46)
        palette = try Self.palette(
            bytes,
            at: 14 + headerSize,
            entryBytes: paletteEntryBytes,
            colors: colors,
            bitsPerPixel,
            end: pixelsOffset
        )
    }

    /// The masks are part of a long header, and follow a short one; without them the layout is fixed.
    private static func masks(
        _ bytes: Span<UInt8>,
        _ compression: Compression,
        _ bitsPerPixel: Int,
        _ headerSize: Int
    ) throws(ImageFault) -> (red: Int, green: Int, blue: Int, alpha: Int) {
        guard compression == .bitFields || compression == .alphaBitFields else {
            return bitsPerPixel == 16 ? (0x7C00, 0x03E0, 0x001F, 0) : (0xFF_0000, 0xFF00, 0xFF, 0)
        }
        let hasAlpha = headerSize >= 56 || compression == .alphaBitFields
        let masks = try (
            bytes.littleEndian(4, at: 54), bytes.littleEndian(4, at: 58), bytes.littleEndian(4, at: 62),
            hasAlpha ? bytes.littleEndian(4, at: 66) : 0
        )
        // Bits past the pixel are none, as browsers take it.
        let pixel = (1 << bitsPerPixel) - 1
        var taken = 0
        for mask in [masks.0 & pixel, masks.1 & pixel, masks.2 & pixel, masks.3 & pixel] where mask != 0 {
            let level = mask >> mask.trailingZeroBitCount
            guard level & (level + 1) == 0 else { throw .malformed("a mask with gaps") }
            guard mask & taken == 0 else { throw .malformed("masks that share bits") }
            taken |= mask
        }
        return (masks.0 & pixel, masks.1 & pixel, masks.2 & pixel, masks.3 & pixel)
    }

    /// As many colours as are announced, as there can be, and as there is room for before the pixels.
    private static func palette(
        _ bytes: Span<UInt8>,
        at start: Int,
        entryBytes: Int,
        colors: Int,
        _ bitsPerPixel: Int,
        end: Int
    ) throws(ImageFault) -> Range<Int> {
        guard bitsPerPixel <= 8 else { return 0..<0 }
        let greatest = 1 << bitsPerPixel
        let count = min(colors == 0 ? greatest : colors, greatest, (end - start) / entryBytes)
        guard bytes.holds(count * entryBytes, at: start) else { throw .truncated }
        return start..<start + count * entryBytes
    }

    private static func check(
        _ compression: Compression,
        _ bitsPerPixel: Int,
        isTopDown: Bool
    ) throws(ImageFault) {
        let fits =
            switch compression {
            case .none: [1, 4, 8, 16, 24, 32].contains(bitsPerPixel)
            case .runLength8: bitsPerPixel == 8 && !isTopDown
            case .runLength4: bitsPerPixel == 4 && !isTopDown
            case .bitFields, .alphaBitFields: bitsPerPixel == 16 || bitsPerPixel == 32
            }
        guard fits else { throw .malformed("bits per pixel and compression do not go together") }
    }
}
