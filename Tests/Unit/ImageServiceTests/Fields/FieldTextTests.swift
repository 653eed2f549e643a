import ImageService
import Testing

@Suite struct FieldTextTests {
    struct Good: Sendable { var raw: String; var kept: String }

    @Test(arguments: [
        Good(raw: "fantasy", kept: "fantasy"),
        Good(raw: "  two words \t\r\n", kept: "two words"),
        Good(raw: "\u{00A0}\u{3000}no-break\u{2003}", kept: "no-break"),
        Good(raw: "a\u{00A0}b", kept: "a\u{00A0}b"),
        Good(raw: "e\u{301}", kept: "e\u{301}"),
        // Format characters (Cf) are no control characters (Cc), and no white space.
        Good(raw: "\u{200B}x", kept: "\u{200B}x"),
        Good(raw: String(repeating: "x", count: 255), kept: String(repeating: "x", count: 255)),
        Good(raw: " " + String(repeating: "😀", count: 255) + " ", kept: String(repeating: "😀", count: 255)),
    ])
    func keeps(_ good: Good) throws {
        #expect(try Array(FieldText.trimmed(good.raw).unicodeScalars) == Array(good.kept.unicodeScalars))
    }

    struct Bad: Sendable { var raw: String; var fault: FieldFault }

    @Test(arguments: [
        Bad(raw: "", fault: .tooShort),
        Bad(raw: " \t\n\u{00A0}\u{2028}", fault: .tooShort),
        Bad(raw: "a\tb", fault: .controlCharacter),
        Bad(raw: "a\nb", fault: .controlCharacter),
        Bad(raw: "\u{0}", fault: .controlCharacter),
        Bad(raw: "a\u{7F}", fault: .controlCharacter),
        Bad(raw: "a\u{9F}b", fault: .controlCharacter),
        Bad(raw: String(repeating: "x", count: 256), fault: .tooLong(lengthMax: 255)),
        // 128 characters to a reader, 256 scalars to the protocol.
        Bad(raw: String(repeating: "e\u{301}", count: 128), fault: .tooLong(lengthMax: 255)),
    ])
    func refuses(_ bad: Bad) {
        #expect(throws: bad.fault) { try FieldText.trimmed(bad.raw) }
    }
}
