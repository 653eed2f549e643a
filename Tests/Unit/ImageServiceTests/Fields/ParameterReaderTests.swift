import HTTPServing
import ImageService
import Testing

@Suite struct ParameterReaderTests {
    struct Query: Sendable {
        var text: String
        var type: String? = nil
        var skip: Int? = nil
        var errors: [FieldError] = []
    }

    @Test(arguments: [
        Query(text: ""),
        Query(text: "unknown=1&&other"),
        Query(text: "type=portrait&skip=3", type: "portrait", skip: 3),
        Query(text: "type=a+b%20c", type: "a b c"),
        Query(text: "type=%20p%20", type: "p"),
        Query(text: "type=first&type=last", type: "last"),
        Query(text: "skip=%2B7", skip: 7),
        Query(text: "skip=007", skip: 7),
        Query(text: "type=", errors: [FieldError(["query", "type"], .tooShort)]),
        Query(text: "type", errors: [FieldError(["query", "type"], .tooShort)]),
        Query(text: "type=%00", errors: [FieldError(["query", "type"], .controlCharacter)]),
        Query(text: "skip=", errors: [FieldError(["query", "skip"], .notInteger)]),
        Query(text: "skip=1.0", errors: [FieldError(["query", "skip"], .notInteger)]),
        Query(text: "skip=%D9%A3", errors: [FieldError(["query", "skip"], .notInteger)]),
        Query(text: "skip=-1", errors: [FieldError(["query", "skip"], .below(0))]),
        Query(text: "skip=11", errors: [FieldError(["query", "skip"], .above(10))]),
        Query(text: "skip=99999999999999999999", errors: [FieldError(["query", "skip"], .above(10))]),
        Query(text: "skip=-99999999999999999999", errors: [FieldError(["query", "skip"], .below(0))]),
        Query(
            text: "type=+&skip=x",
            errors: [FieldError(["query", "type"], .tooShort), FieldError(["query", "skip"], .notInteger)]
        ),
    ])
    func reads(_ query: Query) throws {
        var read = ParameterReader(try QueryItems(query: query.text))
        #expect(read.text("type") == query.type)
        #expect(read.integer("skip", in: 0...10) == query.skip)
        if query.errors.isEmpty {
            try read.finish()
        } else {
            #expect(throws: ValidationFailure(query.errors)) { try read.finish() }
        }
    }

    @Test(arguments: [
        ("0f8fad5b-d9cb-469f-a165-70867728950e", true), ("0F8FAD5B-D9CB-469F-A165-70867728950E", true),
        ("0f8fad5bd9cb469fa16570867728950e", false), ("0f8fad5b-d9cb-469f-a165-70867728950", false),
        ("0f8fad5b-d9cb-469f-a165-70867728950g", false), ("0f8fad5b_d9cb_469f_a165_70867728950e", false),
        ("", false), ("x", false), ("{0f8fad5b-d9cb-469f-a165-70867728950e}", false),
    ])
    func takesUUIDs(text: String, isGood: Bool) {
        var read = ParameterReader()
        #expect(read.imageID(text) == text.lowercased())
        #expect(((try? read.finish()) != nil) == isGood)
    }

    @Test func errorsHaveFastAPIsShape() {
        let failure = ValidationFailure([FieldError(["body", "name"], .missing)])
        #expect(
            failure.details == ["errors": [["loc": ["body", "name"], "msg": "Field required", "type": "missing"]]]
        )
    }
}
