import HTTPServing
import Testing

/// Queries as forms.
struct QueryItemsTests {
    @Test(
        arguments: [
            ("", []),
            ("a=1", [("a", "1")]),
            ("a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]),
            ("a=&b&=c", [("a", ""), ("b", ""), ("", "c")]),
            ("&&a=1&", [("a", "1")]),
            ("a=x=y", [("a", "x=y")]),
            ("a+b=c+d", [("a b", "c d")]),
            ("a%2Bb=%26%3D", [("a+b", "&=")]),
            ("n=%C3%A9%20%F0%9F%96%BC", [("n", "é 🖼")]),
        ] as [(String, [(String, String)])]
    )
    func parses(query: String, expected: [(String, String)]) throws {
        let items = try QueryItems(query: query)
        #expect(items.items.map(\.name) == expected.map(\.0))
        #expect(items.items.map(\.value) == expected.map(\.1))
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "%=a", "a=%FF", "a=%ED%A0%80"])
    func refuses(query: String) {
        #expect(throws: APIError.malformedRequest("The query is not percent-encoded UTF-8.")) {
            try QueryItems(query: query)
        }
    }

    @Test func looksUp() throws {
        let items = try QueryItems(query: "a=1&b=2&a=3")
        #expect(items["a"] == "1")
        #expect(items["c"] == nil)
        #expect(items.values("a") == ["1", "3"])
    }
}
