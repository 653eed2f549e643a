/// One box of the ISO base media file format (ISO/IEC 14496-12 §4.2), the container of AVIF.
struct ISOBox {
    /// The four letters, as a number.
    let type: Int
    /// What the box holds.
    let content: Range<Int>

    var end: Int { content.upperBound }

    /// The box at `offset`, which must end by `limit`.
    init(_ bytes: Span<UInt8>, at offset: Int, end limit: Int) throws(ImageFault) {
        var size = try bytes.bigEndian(4, at: offset)
        type = try bytes.bigEndian(4, at: offset + 4)
        var headerSize = 8
        switch size {
        case 0: size = limit - offset
        case 1:
            guard try bytes.bigEndian(4, at: offset + 8) == 0 else { throw .truncated }
            size = try bytes.bigEndian(4, at: offset + 12)
            headerSize = 16
        default: break
        }
        guard size >= headerSize else { throw .malformed("a box is shorter than its header") }
        guard size <= limit - offset else { throw .truncated }
        content = offset + headerSize..<offset + size
    }

    /// The number of a type, such as `"ispe"`.
    static func type(_ letters: StaticString) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(letters.utf8Start[$1]) }
    }
}
