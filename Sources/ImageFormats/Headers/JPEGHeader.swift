/// The header of a JPEG (ITU T.81) and the walk over all its marker segments and scans.
///
/// Scans are counted because each scan of a progressive image makes the decoder visit every block of it: a file of
/// many empty scans is small and takes minutes.
enum JPEGHeader {
    /// Encoders write 10 scans or so; the most that progressions of use need stays under 100.
    static let scansMax = 100

    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        var frame: JPEGFrame?
        var scans = 0
        var orientation: Int?
        var isMultiScan = false
        var offset = 2
        while true {
            let marker = try nextMarker(bytes, &offset)
            switch marker {
            case 0xD9:  // EOI; what follows it is no part of the image.
                guard let frame else { throw .malformed("SOF is missing") }
                guard scans > 0 else { throw .malformed("the image has no scan") }
                return ImageHeader(
                    format: .jpeg,
                    width: frame.width,
                    height: frame.height,
                    decodeMemoryBytes: frame.decodeMemoryBytes(keepsCoefficients: isMultiScan || scans > 1),
                    orientation: orientation ?? 1
                )
            case 0x01, 0xD0...0xD7:  // TEM and RST have no segment.
                continue
            case 0xD8: throw .malformed("SOI stands twice")
            case 0x02...0xBF, 0xF0...0xFD: throw .malformed("a reserved marker")
            default: break
            }
            // §B.1.1.4: the length counts itself and not the marker.
            let length = try bytes.bigEndian(2, at: offset)
            guard length >= 2 else { throw .malformed("a segment is shorter than its length field") }
            guard bytes.holds(length, at: offset) else { throw .truncated }
            let segment = bytes.extracting(offset + 2..<offset + length)
            offset += length
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC8...0xCB, 0xCD...0xCF:
                guard frame == nil else { throw .malformed("SOF stands twice") }
                let found = try JPEGFrame(marker: marker, segment)
                try budget.admit(width: found.width, height: found.height)
                frame = found
            case 0xDA:
                guard let frame else { throw .malformed("a scan before SOF") }
                scans += 1
                guard scans <= scansMax else { throw .malformed("more than \(scansMax) scans") }
                let components = Int(try segment.byte(at: 0))
                isMultiScan = isMultiScan || frame.isProgressive || components < frame.components
                skipEntropyCodedData(bytes, &offset)
            case 0xDC, 0xDE, 0xDF:  // DNL, DHP, EXP
                throw .unsupported("a JPEG of a hierarchical or line-counted process")
            case 0xE1 where orientation == nil && segment.has("Exif\0\0", at: 0):
                orientation = EXIFOrientation.read(segment.extracting(6..<segment.count))
            default: break
            }
        }
    }

    /// The code of the marker at `offset`, and `offset` past it; §B.1.1.2 lets fill bytes 0xFF stand before it.
    private static func nextMarker(_ bytes: Span<UInt8>, _ offset: inout Int) throws(ImageFault) -> UInt8 {
        guard try bytes.byte(at: offset) == 0xFF else { throw .malformed("bytes between two segments") }
        while try bytes.byte(at: offset) == 0xFF { offset += 1 }
        guard bytes[offset] != 0 else { throw .malformed("bytes between two segments") }
        offset += 1
        return bytes[offset - 1]
    }

    /// Moves `offset` to the marker that ends the scan, or to the end of the file.
    ///
    /// In a scan 0xFF 0x00 is a data byte (§F.1.2.3) and RST0 … RST7 (§F.1.1.5.2) go on with it.
    private static func skipEntropyCodedData(_ bytes: Span<UInt8>, _ offset: inout Int) {
        while offset < bytes.count {
            guard bytes[offset] == 0xFF, offset + 1 < bytes.count else {
                offset += 1
                continue
            }
            switch bytes[offset + 1] {
            case 0x00, 0xD0...0xD7: offset += 2
            case 0xFF: offset += 1
            default: return
            }
        }
    }
}

/// SOF, §B.2.2.
private struct JPEGFrame {
    let width: Int
    let height: Int
    let isProgressive: Bool
    private let sampling: [(horizontal: Int, vertical: Int)]

    var components: Int { sampling.count }

    init(marker: UInt8, _ segment: Span<UInt8>) throws(ImageFault) {
        // Table B.1: only Huffman-coded sequential and progressive DCT is what browsers and libjpeg show.
        switch marker {
        case 0xC0, 0xC1: isProgressive = false
        case 0xC2: isProgressive = true
        case 0xC3: throw .unsupported("a lossless JPEG")
        case 0xC9...0xCB, 0xCD...0xCF: throw .unsupported("an arithmetic-coded JPEG")
        default: throw .unsupported("a JPEG of a hierarchical or reserved process")
        }
        let precision = try segment.byte(at: 0)
        guard precision == 8 else { throw .unsupported("a JPEG of \(precision) bits a sample") }
        height = try segment.bigEndian(2, at: 1)
        width = try segment.bigEndian(2, at: 3)
        let count = Int(try segment.byte(at: 5))
        guard segment.count == 6 + 3 * count else { throw .malformed("SOF has a wrong length") }
        guard width > 0 else { throw .malformed("the width is zero") }
        guard height > 0 else { throw .unsupported("a JPEG that gives its height only after its first scan") }
        guard count == 1 || count == 3 || count == 4 else {
            throw .unsupported("a JPEG of \(count) components")
        }
        sampling = (0..<count).map { index in
            let factors = Int(segment[7 + 3 * index])
            return (factors >> 4, factors & 15)
        }
        guard sampling.allSatisfy({ 1...4 ~= $0.horizontal && 1...4 ~= $0.vertical }) else {
            throw .malformed("a sampling factor is not 1 to 4")
        }
    }

    /// What libjpeg-turbo holds: a few rows of blocks; and, where the image comes in more than one scan, the
    /// coefficients (two bytes each) of all blocks.
    func decodeMemoryBytes(keepsCoefficients: Bool) -> Int {
        let horizontalMax = sampling.map(\.horizontal).max() ?? 1
        let verticalMax = sampling.map(\.vertical).max() ?? 1
        let unitsWide = (width + 8 * horizontalMax - 1) / (8 * horizontalMax)
        let unitsHigh = (height + 8 * verticalMax - 1) / (8 * verticalMax)
        let blocksOfUnit = sampling.map { $0.horizontal * $0.vertical }.reduce(0, +)
        let rows = 512 * 1024 + unitsWide * blocksOfUnit * 64 * 6
        return rows + (keepsCoefficients ? unitsWide * unitsHigh * blocksOfUnit * 128 : 0)
    }
}
