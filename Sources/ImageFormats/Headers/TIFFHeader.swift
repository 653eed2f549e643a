/// The header of a TIFF: its pages, all of them counted. Size and orientation are those of the first.
enum TIFFHeader {
    /// Pages of one file; documents have hundreds, and each costs libtiff a search of its own.
    static let pagesMax = 1000

    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        var first: TIFFDirectory?
        var pages = 0
        var pixels = 0
        var memoryBytes = 0
        var valueBytes = 0
        try forEachDirectory(bytes) { (directory, _) throws(ImageFault) in
            pages += 1
            let (width, height) = directory.decodedSize
            // Pages may differ in size, so their pixels are added up.
            pixels += try budget.admit(width: width, height: height)
            guard pages <= budget.framesMax else { throw .tooManyFrames }
            guard pixels <= budget.pixelsMax else { throw .tooLarge(width: width, height: height, frames: pages) }
            // Fields that share their values would let a small file hold, or make libtiff copy, gigabytes.
            valueBytes += directory.valueBytes
            guard valueBytes <= bytes.count else { throw .malformed("fields that share their values") }
            memoryBytes = max(memoryBytes, directory.decodeMemoryBytes)
            if first == nil { first = directory }
        }
        guard let first else { throw .malformed("the file has no page") }
        return ImageHeader(
            format: .tiff,
            width: first.width,
            height: first.height,
            frames: pages,
            decodeMemoryBytes: memoryBytes,
            orientation: first.orientation
        )
    }

    /// Where the directory of the first page stands (TIFF 6.0 §2).
    static func firstDirectoryOffset(_ bytes: Span<UInt8>) throws(ImageFault) -> Int {
        try bytes.has("II", at: 0) ? bytes.littleEndian(4, at: 4) : bytes.bigEndian(4, at: 4)
    }

    /// Hands over each directory of the chain and its offset, in order; a chain that comes back to itself ends in an
    /// error at `pagesMax`.
    static func forEachDirectory(
        _ bytes: Span<UInt8>,
        _ body: (TIFFDirectory, Int) throws(ImageFault) -> Void
    ) throws(ImageFault) {
        let isLittleEndian = bytes.has("II", at: 0)
        var offset = try firstDirectoryOffset(bytes)
        var pages = 0
        while offset != 0 {
            pages += 1
            guard pages <= pagesMax else { throw .malformed("more than \(pagesMax) pages, or pages in a circle") }
            let directory = try TIFFDirectory(bytes, at: offset, isLittleEndian: isLittleEndian)
            try body(directory, offset)
            offset = directory.next
        }
    }
}
