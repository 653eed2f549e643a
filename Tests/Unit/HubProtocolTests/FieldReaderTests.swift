import HubProtocol
import JSON
import Testing

@Suite struct FieldReaderTests {
    @Test func lengthsCountUnicodeScalars() throws {
        // Two scalars each that show as one character: 255 of them are 510.
        let pairs = String(repeating: "e\u{301}", count: 127)
        var fields = FieldReader(["fits": .string(pairs + "x"), "over": .string(pairs + "xy")])
        #expect(fields.text("fits").unicodeScalars.count == 255)
        _ = fields.text("over")
        #expect(throws: InvalidFields([FieldProblem(path: "over", message: "must have 1 to 255 characters, not 256")]))
        {
            try fields.finish()
        }
    }

    @Test(arguments: [
        ("\u{0}", "must not contain control characters"), ("a\u{7f}", "must not contain control characters"),
        ("\u{85}", "must not contain control characters"), ("\u{9f}b", "must not contain control characters"),
        (" ", "must not be blank"), ("\u{a0}\u{2003}\u{3000}", "must not be blank"),
        ("", "must have 1 to 255 characters, not 0"),
    ])
    func refusesTexts(text: String, message: String) {
        var fields = FieldReader(["name": .string(text)], path: "data.")
        _ = fields.text("name")
        #expect(throws: InvalidFields([FieldProblem(path: "data.name", message: message)])) { try fields.finish() }
    }

    @Test(arguments: ["a", " a ", "\u{200b}", "\u{feff}", "\u{ad}", "😀", "\u{e000}"])
    func takesTextsVerbatim(text: String) throws {
        var fields = FieldReader(["name": .string(text)])
        #expect(JSONValue.string(fields.text("name")) == .string(text))
        try fields.finish()
    }

    @Test func aMissingFieldIsReportedOnce() {
        var fields = FieldReader(["null": nil, "wrong": 1])
        _ = fields.string("null", length: 0...9)
        _ = fields.string("absent", length: 0...9)
        _ = fields.string("wrong", length: 0...9)
        _ = fields.object("wrong")
        _ = fields.integer("absent", in: 1...2)
        let error = #expect(throws: InvalidFields.self) { try fields.finish() }
        #expect(
            error?.description
                == "null is missing; absent is missing; wrong must be a string, not number; wrong must be an object, not number"
        )
    }

    @Test(arguments: [
        (JSONValue.integer(0), "must be 1 to 9, not 0"), (10, "must be 1 to 9, not 10"),
        (1.5, "must be a whole number, not number"),
        ("1", "must be a whole number, not string"), (true, "must be a whole number, not boolean"),
    ])
    func refusesNumbers(value: JSONValue, message: String) {
        var fields = FieldReader(["n": value])
        _ = fields.optionalInteger("n", in: 1...9)
        #expect(throws: InvalidFields([FieldProblem(path: "n", message: message)])) { try fields.finish() }
    }

    @Test func detailsCarryEveryProblem() {
        let invalid = InvalidFields([
            FieldProblem(path: "a", message: "is missing"), FieldProblem(path: "b", message: "is odd"),
        ])
        let expected: JSONValue = [
            "errors": [["field": "a", "message": "is missing"], ["field": "b", "message": "is odd"]]
        ]
        #expect(JSONValue.object(invalid.details) == expected)
    }
}
