/// The run-length codes of a BMP (BI_RLE8 and BI_RLE4), as steps of a pen over the image, first row at the bottom.
///
///     var runs = BMPRunLengths(bytes, layout)
///     while let step = try runs.next(bytes) { … }
struct BMPRunLengths {
    /// Pixels of one row: palette indices that alternate, or that stand in the file.
    enum Step {
        case run(column: Int, row: Int, count: Int, first: UInt8, second: UInt8)
        case literal(column: Int, row: Int, count: Int, offset: Int)
    }

    private let width: Int
    private let height: Int
    private let isFourBit: Bool
    private var offset: Int
    private var column = 0
    private var row = 0

    init(_ layout: BMPLayout) {
        (width, height) = (layout.width, layout.height)
        isFourBit = layout.compression == .runLength4
        offset = layout.pixelsOffset
    }

    /// The next pixels, or `nil` at the end of the image. Pixels that no step names stay as they are.
    mutating func next(_ bytes: Span<UInt8>) throws(ImageFault) -> Step? {
        while true {
            // Writers forget the code that ends the image; that is no damage once all rows are there.
            if !bytes.holds(2, at: offset), row >= height || (row == height - 1 && column == width) { return nil }
            let count = Int(try bytes.byte(at: offset))
            let value = try bytes.byte(at: offset + 1)
            offset += 2
            switch (count, value) {
            case (0, 0):
                column = 0
                row += 1
            case (0, 1): return nil
            case (0, 2):
                column += Int(try bytes.byte(at: offset))
                row += Int(try bytes.byte(at: offset + 1))
                offset += 2
                guard column <= width, row < height else { throw .malformed("a step outside the image") }
            case (0, let literals):
                let start = offset
                // Literal pixels are padded to two bytes.
                let length = isFourBit ? (Int(literals) + 1) / 2 : Int(literals)
                offset += (length + 1) / 2 * 2
                guard bytes.holds(length, at: start) else { throw .truncated }
                let first = try advance(Int(literals))
                return .literal(column: first, row: row, count: Int(literals), offset: start)
            default:
                let first = try advance(count)
                let (even, odd) = isFourBit ? (value >> 4, value & 15) : (value, value)
                return .run(column: first, row: row, count: count, first: even, second: odd)
            }
        }
    }

    /// Moves the pen along its row; the column where it was.
    private mutating func advance(_ count: Int) throws(ImageFault) -> Int {
        guard row < height, count <= width - column else { throw .malformed("pixels outside the image") }
        column += count
        return column - count
    }
}
