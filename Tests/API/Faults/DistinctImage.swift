import TestSupport

/// Images that look alike and have different bytes, so that each is an asset of its own.
enum DistinctImage {
    /// A small PNG with a comment (PNG §11.3.4.3, `tEXt`).
    static func png(_ comment: String) -> [UInt8] {
        guard let plain = try? Fixtures.bytes("images/good/png-rgb-8.png") else {
            preconditionFailure("Cannot read the fixture png-rgb-8.png")
        }
        let data = Array("Comment\0\(comment)".utf8)
        let typed = Array("tEXt".utf8) + data
        let chunk = bigEndian(UInt32(data.count)) + typed + bigEndian(checksum(typed))
        // After the signature and IHDR: 8 bytes, and 4 + 4 + 13 + 4.
        return Array(plain.prefix(33)) + chunk + Array(plain.dropFirst(33))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 as PNG has it (PNG, annex D).
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
