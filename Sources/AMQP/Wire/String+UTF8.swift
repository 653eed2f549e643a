extension String {
    /// The text of these octets; nil if they are not UTF-8.
    ///
    /// As `String(validating:as:)`, which looks up generic metadata at run time and so costs some 200 ns for the shortest
    /// of strings. Nearly all strings of the protocol are ASCII, which is UTF-8 for certain and seen at eight octets
    /// a step; `String(decoding:as:)` then has nothing to repair.
    @inline(__always)
    init?(utf8 octets: UnsafeRawBufferPointer) {
        let bytes = octets.assumingMemoryBound(to: UInt8.self)
        if Self.isASCII(octets) {
            self = String(decoding: bytes, as: UTF8.self)
        } else {
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            self = text
        }
    }

    private static func isASCII(_ octets: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt64 = 0
        var offset = 0
        while octets.count - offset >= 8 {
            seen |= octets.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < octets.count {
            seen |= UInt64(octets[offset])
            offset += 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
