import Octets

/// Any JSON value (RFC 8259), as a value that can be compared.
///
/// Two values are equal when they are equal as JSON: the order of keys and the spelling of a number (`1` or `1.0`)
/// do not count, and every Unicode scalar of a text does (two texts that only look alike are two texts). The hub
/// protocol compares payloads this way to tell a retry from a conflict.
///
///     JSONValue.object(["skip": 0]) == JSONValue.object(["skip": 0.0])   // true
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number without a fraction that fits 64 bits.
    case integer(Int64)
    /// Every other number, as the nearest double. Always finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The keys and values, where this is an object.
    public var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The text, where this is a string.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements, where this is an array.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number, where this is a whole one.
    public var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The member with this key; `nil` where this is no object or has no such key.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// What JSON calls this kind of value, for messages: `string`, `object`, `null`, …
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue {
    /// Reads one JSON text in UTF-8. A byte order mark before it is passed over; of a key that occurs twice, the last
    /// value counts. Throws when the bytes are no JSON, or JSON that this house does not take (see `JSONError.Reason`).
    ///
    /// - Parameter refusingRepeatedKeys: for what people write by hand: a key that occurs twice in an object is refused.
    public init(parsing bytes: [UInt8], refusingRepeatedKeys: Bool = false) throws(JSONError) {
        var parser = JSONParser(bytes, refusesRepeatedKeys: refusingRepeatedKeys)
        self = try parser.parseDocument()
    }

    /// The value as compact JSON with sorted keys, so that equal values give equal bytes.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}

extension JSONValue: Hashable {
    // Not synthesized: Swift compares strings by canonical equivalence, where "é" in one scalar equals "é" in two.
    // For an exact protocol, and for a store that compares bytes, those are two texts.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in
                    guard let index = right.index(forKey: key) else { return false }
                    return right[index].key.isExactly(key) && right[index].value == value
                }
        case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _), (.object, _): false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .integer(let number): hasher.combine(number)
        case .number(let number): hasher.combine(number)
        // Exactly equal texts are canonically equivalent too, so the coarser hash fits.
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = Int64(exactly: value).map(JSONValue.integer) ?? .number(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    public init(nilLiteral: ()) { self = .null }
}
