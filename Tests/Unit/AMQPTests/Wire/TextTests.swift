import AMQP
import Testing

/// Short strings decode exactly where the standard library finds UTF-8.
@Suite struct TextTests {
    /// The content type of properties that hold these octets; nil if they are refused.
    private func text(_ octets: [UInt8]) -> String? {
        try? BasicProperties(decoding: bytes("8000") + [UInt8(octets.count)] + octets).contentType
    }

    @Test(
        arguments: [
            "C0AF", "E080AF", "F08080AF",  // overlong
            "EDA080", "EDBFBF",  // surrogates
            "F4908080", "F8808080",  // over U+10FFFF
            "80", "BF", "C3", "E282", "F09F98", "FF", "FE", "C328",  // stray and cut off
        ]
    )
    func refusesWhatIsNotUTF8(_ digits: String) {
        let octets = bytes(digits)
        for padding in 0..<20 {
            let letters = [UInt8](repeating: 0x61, count: padding)
            #expect(text(letters + octets) == nil)
            #expect(text(octets + letters) == nil)
            #expect(text(letters + octets + letters) == nil)
        }
    }

    @Test func agreesWithTheStandardLibrary() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let size = Int.random(in: 0...40, using: &random)
            let top: UInt8 = Bool.random(using: &random) ? 0xFF : 0x7F
            let octets = (0..<size).map { _ in UInt8.random(in: 0...top, using: &random) }
            let expected = String(validating: octets, as: UTF8.self)
            guard text(octets) == expected else {
                Issue.record("\(octets)")
                return
            }
        }
    }

    @Test func zeroOctetsAreText() {
        #expect(text([0, 0x61, 0]) == "\0a\0")
    }
}
