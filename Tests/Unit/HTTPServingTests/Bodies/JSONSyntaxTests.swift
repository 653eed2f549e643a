import Testing

@testable import HTTPServing

/// RFC 8259, byte by byte.
struct JSONSyntaxTests {
    @Test(
        arguments: [
            "0", "-0", "12", "-1.5e+10", "1E5", "0.1", "true", "false", "null", #""""#, #""a\"\\\/\b\f\n\r\tꯍ""#,
            "[]", "{}", " [ ] ", "[1,2 , [3]]", #"{"a":{"b":[{}]}}"#, #"{"a":1,"a":2}"#, "\t\r\n 1 \n", #""é🖼""#,
            "[[[]],[]]",
            String(repeating: "[", count: 128) + String(repeating: "]", count: 128),
        ])
    func accepts(text: String) {
        #expect(JSONSyntax.isValid(Array(text.utf8)))
    }

    @Test(
        arguments: [
            "", " ", "01", "+1", "1.", ".5", "1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", "tru", "True", "nul",
            "'a'",
            #"""#, #""a"#, #""\x""#, #""\u12""#, #""\u12g4""#, "\"\n\"", "[", "]", "[1", "[1,]", "[,1]", "[1 2]",
            "[1,,2]",
            "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{,}", "{a:1}", "{1:1}", #"{"a":1 "b":2}"#, "[1}",
            #"{"a":1]"#,
            "1 2", "[] []", "// c\n1", "\u{FEFF}1", "1\u{0}",
            String(repeating: "[", count: 129) + String(repeating: "]", count: 129),
        ])
    func refuses(text: String) {
        #expect(!JSONSyntax.isValid(Array(text.utf8)))
    }

    @Test("bytes that are no UTF-8", arguments: [[0x22, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
    func refusesEncoding(bytes: [UInt8]) {
        #expect(!JSONSyntax.isValid(bytes))
    }
}
