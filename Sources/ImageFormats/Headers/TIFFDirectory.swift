/// One image file directory (TIFF 6.0 §2) and the fields of it that say what a page costs.
struct TIFFDirectory {
    /// What the whole file is written in.
    let isLittleEndian: Bool
    private(set) var width = 0
    private(set) var height = 0
    private(set) var orientation = 1
    /// Where the next directory stands; 0 after the last.
    private(set) var next = 0
    /// Bytes of all values outside the directory itself; libtiff copies those of tags that it does not know.
    private(set) var valueBytes = 0
    private var bitsPerSample = 1
    private var samplesPerPixel = 1
    private var compression = 1
    private var photometric: Int?
    private var sampleFormat = 1
    private var tileWidth = 0
    private var tileHeight = 0
    private var pieces = 0
    /// Whether the bits of each byte stand in the opposite order (§ FillOrder), so that libtiff copies the data of a
    /// piece to turn them round.
    private var hasTurnedBits = false
    private let fileBytes: Int

    private static let fieldSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]
    /// None, CCITT 2 to 4, LZW, Deflate, PackBits and the old number of Deflate (TIFF 6.0 §3, §11, §13; TechNote 2).
    private static let compressions: Set<Int> = [1, 2, 3, 4, 5, 8, 32773, 32946]

    /// Reads the directory at `offset` and checks that every value of it lies in the file.
    init(_ bytes: Span<UInt8>, at offset: Int, isLittleEndian: Bool) throws(ImageFault) {
        self.isLittleEndian = isLittleEndian
        fileBytes = bytes.count
        let count = try integer(bytes, 2, at: offset)
        guard count > 0 else { throw .malformed("a directory without fields") }
        for index in 0..<count { try field(bytes, at: offset + 2 + 12 * index) }
        next = try integer(bytes, 4, at: offset + 2 + 12 * count)
        try check()
    }

    func integer(_ bytes: Span<UInt8>, _ size: Int, at offset: Int) throws(ImageFault) -> Int {
        try isLittleEndian ? bytes.littleEndian(size, at: offset) : bytes.bigEndian(size, at: offset)
    }

    /// Tag, type, count, and the values or where they are.
    private mutating func field(_ bytes: Span<UInt8>, at offset: Int) throws(ImageFault) {
        let tag = try integer(bytes, 2, at: offset)
        let type = try integer(bytes, 2, at: offset + 2)
        let count = try integer(bytes, 4, at: offset + 4)
        guard Self.fieldSizes.indices.contains(type), type > 0 else {
            // TIFF 6.0 §2: fields of an unknown type are skipped, which a needed one cannot be.
            return
        }
        let size = Self.fieldSizes[type]
        let values = count * size <= 4 ? offset + 8 : try integer(bytes, 4, at: offset + 8)
        guard bytes.holds(count * size, at: values) else { throw .truncated }
        if count * size > 4 { valueBytes += count * size }
        guard count > 0, size <= 4 else { return }
        let first = try integer(bytes, size, at: values)
        switch tag {
        case 256: width = first
        case 257: height = first
        case 258:
            bitsPerSample = first
            for index in 0..<min(count, 8) where try integer(bytes, size, at: values + index * size) != first {
                throw .unsupported("a TIFF whose samples differ in size")
            }
        case 259: compression = first
        case 262: photometric = first
        case 266: hasTurnedBits = first == 2
        case 273, 324: pieces = count
        case 274: orientation = 1...8 ~= first ? first : 1
        case 277: samplesPerPixel = first
        case 322: tileWidth = first
        case 323: tileHeight = first
        case 339: sampleFormat = first
        default: break
        }
    }

    private func check() throws(ImageFault) {
        guard width > 0, height > 0 else { throw .malformed("width or height is missing or zero") }
        guard Self.compressions.contains(compression) else {
            throw .unsupported("a TIFF of compression \(compression)")
        }
        guard sampleFormat == 1, [1, 2, 4, 8, 16].contains(bitsPerSample), 1...5 ~= samplesPerPixel else {
            throw .unsupported("a TIFF of \(samplesPerPixel) samples of \(bitsPerSample) bits or of no integers")
        }
        // White is zero, black is zero, RGB, palette, transparency mask, separated (§8, §16).
        guard let photometric, 0...5 ~= photometric else {
            throw .unsupported("a TIFF of an uncommon colour space")
        }
        guard (tileWidth > 0) == (tileHeight > 0) else { throw .malformed("a tile without area") }
        let (decodedWidth, decodedHeight) = decodedSize
        // Two sides of 32 bits: of tiles of a pixel there may be more than 64 bits count. The size is refused later.
        let (across, down) =
            tileWidth > 0 ? (decodedWidth / tileWidth, decodedHeight / tileHeight) : (samplesPerPixel, height)
        let (area, overflows) = across.multipliedReportingOverflow(by: down)
        let (piecesMax, overflowsWithSamples) = area.multipliedReportingOverflow(
            by: tileWidth > 0 ? samplesPerPixel : 1
        )
        guard pieces > 0, overflows || overflowsWithSamples || pieces <= piecesMax else {
            throw .malformed("too many or no strips or tiles")
        }
    }

    /// Sides of the area that is decoded: tiles reach over the edge of the image.
    var decodedSize: (width: Int, height: Int) {
        guard tileWidth > 0 else { return (width, height) }
        return (
            (width + tileWidth - 1) / tileWidth * tileWidth, (height + tileHeight - 1) / tileHeight * tileHeight
        )
    }

    /// What libtiff holds while it decodes this page row by row or tile by tile: a row or a tile, its tables of pieces,
    /// and the state of the decompressor.
    ///
    /// To be asked once the size is within the limits: then a tile, which is no larger than all tiles, is too.
    var decodeMemoryBytes: Int {
        let pixels = tileWidth > 0 ? tileWidth * tileHeight : width
        // The fax decoders note where the colour changes in this row and the one before it, for the worst of all rows.
        let faxBytes = 2...4 ~= compression ? ((tileWidth > 0 ? tileWidth : width) + 64) * 17 : 0
        // Grown in steps: while it grows, the old copy and the new one are there together.
        let turnedBytes = hasTurnedBits ? 2 * fileBytes : 0
        return 512 * 1024 + pixels * samplesPerPixel * bitsPerSample / 8 * 3 + pieces * 64 + valueBytes * 4 + faxBytes
            + turnedBytes
    }
}
