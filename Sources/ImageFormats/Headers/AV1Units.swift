/// The open bitstream units of an AV1 picture (AV1 bitstream specification §5.3), as far as they tell how many frames
/// there are to decode.
///
/// A still image has one. Hidden frames before the shown one cost a decoder as much as it does, and their number is
/// bounded by nothing but the file: each takes a few bytes.
enum AV1Units {
    private static let frameHeader: UInt8 = 3
    private static let frame: UInt8 = 6

    /// Frame headers in `range`, repetitions of a header (OBU_REDUNDANT_FRAME_HEADER) not counted.
    static func countFrames(_ bytes: Span<UInt8>, in range: Range<Int>) throws(ImageFault) -> Int {
        var frames = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            let header = try bytes.byte(at: offset)
            let type = header >> 3 & 15
            if type == frameHeader || type == frame { frames += 1 }
            offset += header & 4 == 0 ? 1 : 2
            // Without a size of its own the unit reaches to the end.
            guard header & 2 != 0 else { break }
            let size = try leb128(bytes, &offset)
            guard size <= range.upperBound - offset else { throw .malformed("an AV1 unit is longer than its picture") }
            offset += size
        }
        return frames
    }

    /// A number in groups of seven bits, least significant first (§4.10.5).
    private static func leb128(_ bytes: Span<UInt8>, _ offset: inout Int) throws(ImageFault) -> Int {
        var value = 0
        for index in 0..<8 {
            let byte = try bytes.byte(at: offset)
            offset += 1
            value |= Int(byte & 0x7F) << (7 * index)
            if byte & 0x80 == 0 { return value }
        }
        throw .malformed("a number that is too long")
    }
}
