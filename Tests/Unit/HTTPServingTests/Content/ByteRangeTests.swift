import Testing

@testable import HTTPServing

/// `Range` (RFC 9110 §14.1.2, §14.2).
struct ByteRangeTests {
    @Test(
        arguments: [
            ("bytes=0-499", 10000, .part(0..<500)),
            ("bytes=500-999", 10000, .part(500..<1000)),
            ("bytes=-500", 10000, .part(9500..<10000)),
            ("bytes=9500-", 10000, .part(9500..<10000)),
            ("bytes=0-0", 10000, .part(0..<1)),
            ("bytes=-1", 10000, .part(9999..<10000)),
            ("bytes=0-", 1, .part(0..<1)),
            ("bytes=0-99999", 10000, .part(0..<10000)),
            ("bytes=-99999", 10000, .part(0..<10000)),
            ("Bytes=0-0", 10, .part(0..<1)),
            ("bytes= 1-2 ", 10, .part(1..<3)),
            ("bytes=0-99999999999999999999999", 10, .part(0..<10)),
            ("bytes=-99999999999999999999999", 10, .part(0..<10)),
            ("bytes=10-", 10, .unsatisfiable),
            ("bytes=10-20", 10, .unsatisfiable),
            ("bytes=99999999999999999999999-", 10, .unsatisfiable),
            ("bytes=-0", 10, .unsatisfiable),
            ("bytes=0-", 0, .unsatisfiable),
            ("bytes=-5", 0, .unsatisfiable),
            // Several ranges may be answered whole.
            ("bytes=0-0,5-6", 10, .whole),
            ("bytes=0-0,", 10, .whole),
            // Malformed or of another unit: as if it were not there.
            ("bytes=5-4", 10, .whole),
            ("bytes=-", 10, .whole),
            ("bytes=", 10, .whole),
            ("bytes", 10, .whole),
            ("", 10, .whole),
            ("bytes=a-b", 10, .whole),
            ("bytes=1-2-3", 10, .whole),
            ("bytes=--2", 10, .whole),
            ("bytes=+1-2", 10, .whole),
            ("bytes=1 - 2", 10, .whole),
            ("bytes=0x1-2", 10, .whole),
            ("items=0-1", 10, .whole),
            ("bytes=\u{FF11}-2", 10, .whole),
        ] as [(String, Int, ByteRange)]
    )
    func parses(field: String, byteCount: Int, expected: ByteRange) {
        #expect(ByteRange(field, byteCount: byteCount) == expected)
    }
}
