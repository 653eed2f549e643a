import HTTPServing
import Testing

/// `Content-Type` (RFC 9110 §8.3.1).
struct MediaTypeTests {
    @Test(
        arguments: [
            ("text/html", "text/html", [:]),
            (" Text/HTML ", "text/html", [:]),
            ("text/html;charset=utf-8", "text/html", ["charset": "utf-8"]),
            ("text/html; Charset=\"utf-8\"", "text/html", ["charset": "utf-8"]),
            ("text/html ;\tcharset=utf-8 ; level=1", "text/html", ["charset": "utf-8", "level": "1"]),
            (
                "multipart/form-data; charset=utf-8; boundary=\"a; b\\\"c\"", "multipart/form-data",
                ["charset": "utf-8", "boundary": "a; b\"c"]
            ),
            ("a/b;x=1;x=2", "a/b", ["x": "1"]),
            ("a/b;", "a/b", [:]),
            ("a/b; ;x=1", "a/b", ["x": "1"]),
            ("a/b;x=\"\"", "a/b", ["x": ""]),
        ] as [(String, String, [String: String])]
    )
    func parses(text: String, name: String, parameters: [String: String]) throws {
        let type = try #require(MediaType(text))
        #expect(type.name == name)
        #expect(type.parameters == parameters)
    }

    @Test(
        arguments: [
            "", "text", "text/", "/html", "text/html charset=utf-8", "text/html;charset", "text/html;charset=",
            "text/html; charset =utf-8", "text/html;charset=\"utf-8", "text/html;charset=\"utf-8\\",
            "text/html,text/xml",
            "tex t/html", "text/html;charset=\"a\"b",
        ])
    func refuses(text: String) {
        #expect(MediaType(text) == nil)
    }
}
