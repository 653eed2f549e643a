import HubProtocol
import JSON

/// One thing that is wrong with the parameters of a request, as FastAPI tells it: where, what, and what kind of mistake.
///
///     FieldError(["body", "name"], .missing).json   // {"loc":["body","name"],"msg":"Field required","type":"missing"}
package struct FieldError: Sendable, Hashable {
    /// `["body", "name"]`, `["query", "limit"]`, `["path", "image_id"]`.
    package var location: [String]
    package var fault: FieldFault

    package init(_ location: [String], _ fault: FieldFault) {
        self.location = location
        self.fault = fault
    }

    package var json: JSONValue {
        [
            "loc": .array(location.map(JSONValue.string)), "msg": .string(fault.message), "type": .string(fault.type),
        ]
    }
}

/// The kinds of mistakes. `type` is the word that Pydantic has for the same mistake, where it has one.
package enum FieldFault: Sendable, Hashable {
    /// It is not there.
    case missing
    /// It is there more than once where once is meant.
    case repeated
    /// A file where a text belongs, or JSON of another kind.
    case notText
    /// The bytes are no text in the encoding that the part declares.
    case badEncoding
    /// Nothing is left after trimming.
    case tooShort
    /// More Unicode scalars than the limit.
    case tooLong(lengthMax: Int)
    /// It holds control characters (category Cc).
    case controlCharacter
    /// A text where a file belongs: the part has no `filename`.
    case notFile
    case notInteger
    case notBoolean
    case below(Int)
    case above(Int)
    case notUUID
    /// The body is JSON, but no object.
    case notObject
    /// None of the fields that could be changed is there.
    case nothingToChange
    /// Not one of the words that are known.
    case notOneOf([String])

    package var type: String {
        switch self {
        case .missing: "missing"
        case .repeated: "repeated"
        case .notText: "string_type"
        case .badEncoding: "string_unicode"
        case .tooShort: "string_too_short"
        case .tooLong: "string_too_long"
        case .controlCharacter: "string_control_character"
        case .notFile: "file_type"
        case .notInteger: "int_parsing"
        case .notBoolean: "bool_parsing"
        case .below: "greater_than_equal"
        case .above: "less_than_equal"
        case .notUUID: "uuid_parsing"
        case .notObject: "dict_type"
        case .nothingToChange: "missing"
        case .notOneOf: "enum"
        }
    }

    package var message: String {
        switch self {
        case .missing: "Field required"
        case .repeated: "Field given more than once"
        case .notText: "Input should be a valid string"
        case .badEncoding: "Input should be valid text in its declared encoding"
        case .tooShort: "String should have at least 1 character that is not white space"
        case .tooLong(let lengthMax): "String should have at most \(lengthMax) characters"
        case .controlCharacter: "String should not contain control characters"
        case .notFile: "Input should be a file: the part needs a filename"
        case .notInteger: "Input should be a valid integer"
        case .notBoolean: "Input should be true or false"
        case .below(let least): "Input should be greater than or equal to \(least)"
        case .above(let most): "Input should be less than or equal to \(most)"
        case .notUUID: "Input should be a valid UUID"
        case .notObject: "Input should be a JSON object"
        case .nothingToChange: "At least one of name, type, subtype and theme is required"
        case .notOneOf(let words): "Input should be one of \(words.joined(separator: ", "))"
        }
    }
}

/// A request whose parameters are missing or bad: 422 `VALIDATION_ERROR` with every mistake, not only the first.
package struct ValidationFailure: Error, Sendable, Hashable {
    package let errors: [FieldError]

    package init(_ errors: [FieldError]) { self.errors = errors }

    /// `details` of the error body.
    package var details: [String: JSONValue] { ["errors": .array(errors.map(\.json))] }
}
