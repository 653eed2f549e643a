import JSON
import Testing

/// Equality as JSON, and the one spelling that we write.
@Suite struct JSONValueTests {
    @Test func orderOfKeysAndSpellingOfNumbersDoNotCount() throws {
        let left = try JSONValue(parsing: Array(#"{"a":1,"b":[1.0,2e0]}"#.utf8))
        let right = try JSONValue(parsing: Array(#"{"b":[1,2],"a":1.00}"#.utf8))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.encoded() == right.encoded())
    }

    @Test func textsThatOnlyLookAlikeDiffer() {
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed, "Swift's own comparison is coarser, which is why ours exists")
        #expect(JSONValue.string(composed) != .string(decomposed))
        #expect(JSONValue.array([.string(composed)]) != .array([.string(decomposed)]))
        #expect(JSONValue.object([composed: 1]) != .object([decomposed: 1]))
        #expect(JSONValue.object([composed: 1]) == .object([composed: 1]))
    }

    static let different: [JSONValue] = [
        nil, true, false, 0, 1, 1.5, "", "1", [], [1], [nil], [:], ["a": 1], ["a": nil], ["b": 1], ["a": 1, "b": 2],
    ]

    @Test(arguments: different.indices)
    func isEqualOnlyToItself(index: Int) {
        for (other, value) in Self.different.enumerated() {
            #expect((Self.different[index] == value) == (index == other))
        }
    }

    struct Spelling: Sendable {
        let value: JSONValue
        let text: String
    }

    @Test(arguments: [
        Spelling(value: nil, text: "null"), Spelling(value: true, text: "true"), Spelling(value: -5, text: "-5"),
        Spelling(value: 2.0, text: "2"), Spelling(value: 2.5, text: "2.5"),
        Spelling(value: .number(1e300), text: "1e+300"),
        Spelling(value: "a/b", text: "\"a/b\""),
        Spelling(
            value: "\"\\\n\r\t\u{8}\u{c}\u{1}\u{1f}\u{7f}é",
            text: "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f\u{7f}é\""
        ),
        Spelling(value: ["b": 1, "a": [], "é": [:], "B": ["x", nil]], text: #"{"B":["x",null],"a":[],"b":1,"é":{}}"#),
    ])
    func isWrittenCompactWithSortedKeys(_ row: Spelling) {
        #expect(String(decoding: row.value.encoded(), as: UTF8.self) == row.text)
    }

    @Test func accessorsAnswerOnlyForTheirKind() {
        let value: JSONValue = ["text": "t", "number": 3, "fraction": 1.5, "list": [1], "nothing": nil]
        #expect(value["text"]?.string == "t")
        #expect(value["number"]?.integer == 3)
        #expect(value["fraction"]?.integer == nil)
        #expect(value["list"]?.array == [1])
        #expect(value["nothing"] == JSONValue.null)
        #expect(value["absent"] == nil)
        #expect(value["text"]?.object == nil)
        #expect(JSONValue.string("x")["text"] == nil)
    }
}
