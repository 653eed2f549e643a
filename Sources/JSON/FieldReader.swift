/// Reads the fields of one JSON object and gathers everything that is wrong with it.
///
/// `null` counts as absent, unknown fields are ignored, and every wrong field is reported, not only the first.
///
///     var fields = FieldReader(object)
///     let name = fields.text("name")
///     let width = fields.integer("width", in: 1...)
///     try fields.finish()   // throws InvalidFields when anything was wrong
public struct FieldReader {
    private let members: [String: JSONValue]
    private let prefix: String
    package private(set) var problems: [FieldProblem] = []

    /// Starts to read. `path` stands before each field's name in problems: `data.` gives `data.width`.
    public init(_ members: [String: JSONValue], path: String = "") {
        self.members = members
        self.prefix = path
    }

    /// The field as it stands; `nil` where it is absent or `null`.
    public func value(_ key: String) -> JSONValue? {
        switch members[key] {
        case nil, .null?: nil
        case let value?: value
        }
    }

    /// A string that must be there. `length` counts Unicode scalars.
    public mutating func string(_ key: String, length: ClosedRange<Int>) -> String {
        optionalString(key, length: length) ?? missing(key, "")
    }

    /// A string that may be absent. `length` counts Unicode scalars.
    public mutating func optionalString(_ key: String, length: ClosedRange<Int>) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { return wrong(key, "must be a string, not \(value.kind)", nil) }
        let count = text.unicodeScalars.count
        guard length.contains(count) else {
            let bounds =
                length.upperBound == .max
                ? "at least \(length.lowerBound)" : "\(length.lowerBound) to \(length.upperBound)"
            return wrong(key, "must have \(bounds) characters, not \(count)", nil)
        }
        return text
    }

    /// A whole number within `range` that must be there.
    public mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int {
        optionalInteger(key, in: range) ?? missing(key, range.lowerBound)
    }

    /// A whole number within `range` that may be absent.
    public mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.integer else {
            return wrong(key, "must be a whole number, not \(value.kind)", nil)
        }
        guard let number = Int(exactly: number), range.contains(number) else {
            let bounds =
                range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            return wrong(key, "must be \(bounds), not \(number)", nil)
        }
        return number
    }

    /// An object that must be there.
    public mutating func object(_ key: String) -> [String: JSONValue] {
        guard let value = value(key) else { return missing(key, [:]) }
        guard let members = value.object else { return wrong(key, "must be an object, not \(value.kind)", [:]) }
        return members
    }

    /// An array that must be there.
    public mutating func array(_ key: String) -> [JSONValue] {
        guard let value = value(key) else { return missing(key, []) }
        guard let elements = value.array else { return wrong(key, "must be an array, not \(value.kind)", []) }
        return elements
    }

    /// A string that must be there and be the name of a case. `expected` completes "must be".
    public mutating func name<Name: RawRepresentable<String>>(_ key: String, expected: String) -> Name? {
        guard let text = value(key)?.string, let name = Name(rawValue: text) else {
            return value(key) == nil ? missing(key, nil) : wrong(key, "must be \(expected)", nil)
        }
        return name
    }

    /// A string that must be there and be exactly this one.
    public mutating func constant(_ key: String, _ text: String) {
        guard let value = value(key) else { return missing(key, ()) }
        if value != .string(text) { report(key, "must be \(text)") }
    }

    /// Adds a problem that a rule over several fields found.
    public mutating func report(_ key: String, _ message: String) {
        problems.append(FieldProblem(path: prefix + key, message: message))
    }

    /// Reads the members of a body or another value that must be an object; `path` names that value in the problem.
    public static func members(of json: JSONValue, path: String) throws(InvalidFields) -> [String: JSONValue] {
        guard let members = json.object else {
            throw InvalidFields([FieldProblem(path: path, message: "must be a JSON object, not \(json.kind)")])
        }
        return members
    }

    /// Reads a message's body, which must be a JSON object.
    public static func members(parsing body: [UInt8]) throws(InvalidFields) -> [String: JSONValue] {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: body)
        } catch {
            throw InvalidFields([FieldProblem(path: "body", message: error.description)])
        }
        return try members(of: json, path: "body")
    }

    /// Takes over the problems of a nested object's reader.
    public mutating func adopt(_ nested: FieldReader) {
        problems += nested.problems
    }

    /// Ends the reading: throws when any field was missing or wrong.
    public func finish() throws(InvalidFields) {
        if !problems.isEmpty { throw InvalidFields(problems) }
    }

    // For readers of other types of fields. The placeholder is never seen: `finish` throws once a problem is on record.
    package mutating func wrong<Value>(_ key: String, _ message: String, _ placeholder: Value) -> Value {
        report(key, message)
        return placeholder
    }

    package mutating func missing<Value>(_ key: String, _ placeholder: Value) -> Value {
        if !problems.contains(where: { $0.path == prefix + key }) { report(key, "is missing") }
        return placeholder
    }
}

/// One thing that is wrong with a message.
public struct FieldProblem: Sendable, Hashable {
    /// Where: `data.width`, `images[3].id`.
    public let path: String
    /// What, as the rest of a sentence that starts with the path: `must be a string, not number`.
    public let message: String

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// A JSON object whose fields break the rules.
public struct InvalidFields: Error, Sendable, Hashable, CustomStringConvertible {
    public let problems: [FieldProblem]

    public init(_ problems: [FieldProblem]) { self.problems = problems }

    /// One line for a caller: `width must be at least 1, not 0; name is missing`.
    public var description: String {
        problems.map { "\($0.path) \($0.message)" }.joined(separator: "; ")
    }

    /// For `error.details` of a reply: `{"errors": [{"field": …, "message": …}]}`.
    public var details: [String: JSONValue] {
        ["errors": .array(problems.map { ["field": .string($0.path), "message": .string($0.message)] })]
    }
}
