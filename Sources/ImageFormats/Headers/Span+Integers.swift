/// Reading integers out of untrusted bytes: every read is checked and nothing traps.
extension Span where Element == UInt8 {
    /// Whether `length` bytes from `offset` on lie inside; no operand can overflow the check.
    func holds(_ length: Int, at offset: Int) -> Bool {
        offset >= 0 && length >= 0 && offset <= count && length <= count - offset
    }

    /// Whether the text stands at `offset`.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard holds(text.utf8CodeUnitCount, at: offset) else { return false }
        for index in 0..<text.utf8CodeUnitCount where self[offset + index] != text.utf8Start[index] { return false }
        return true
    }

    /// The byte at `offset`.
    func byte(at offset: Int) throws(ImageFault) -> UInt8 {
        guard holds(1, at: offset) else { throw .truncated }
        return self[offset]
    }

    /// An unsigned integer of `size` bytes, most significant first.
    func bigEndian(_ size: Int, at offset: Int) throws(ImageFault) -> Int {
        guard holds(size, at: offset) else { throw .truncated }
        var value = 0
        for index in offset..<offset + size { value = value << 8 | Int(self[index]) }
        return value
    }

    /// An unsigned integer of `size` bytes, least significant first.
    func littleEndian(_ size: Int, at offset: Int) throws(ImageFault) -> Int {
        guard holds(size, at: offset) else { throw .truncated }
        var value = 0
        for index in (offset..<offset + size).reversed() { value = value << 8 | Int(self[index]) }
        return value
    }

    /// A signed integer of four bytes, least significant first.
    func signedLittleEndian(at offset: Int) throws(ImageFault) -> Int {
        Int(Int32(truncatingIfNeeded: try littleEndian(4, at: offset)))
    }
}
