/// The bits of a WebP lossless stream, least significant first (RFC 9649 §3.2).
struct LosslessBits {
    private var offset: Int
    private let end: Int
    private var pending: UInt64 = 0
    private var pendingCount = 0

    /// The bits of the bytes in `range`, which lies in the file.
    init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next `count` bits, up to 32, as a number.
    mutating func read(_ count: Int, _ bytes: Span<UInt8>) throws(ImageFault) -> Int {
        while pendingCount < count {
            guard offset < end else { throw .malformed("the picture's data ends early") }
            pending |= UInt64(bytes[offset]) << UInt64(pendingCount)
            pendingCount += 8
            offset += 1
        }
        let value = Int(pending & ((1 << UInt64(count)) - 1))
        pending >>= UInt64(count)
        pendingCount -= count
        return value
    }

    /// The next bit as a flag.
    mutating func flag(_ bytes: Span<UInt8>) throws(ImageFault) -> Bool {
        try read(1, bytes) == 1
    }
}
