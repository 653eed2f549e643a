import AMQP
import JSON
import Octets

/// The fields of one object of definitions; remembers which were asked for, so that the others can be told of.
struct DefinitionFields {
    var reader: FieldReader
    private(set) var asked: Set<String> = []

    init(_ members: [String: JSONValue], path: String) { reader = FieldReader(members, path: path) }

    mutating func report(_ key: String, _ message: String) { reader.report(key, message) }

    mutating func value(_ key: String) -> JSONValue? {
        asked.insert(key)
        return reader.value(key)
    }

    /// A text that fits AMQP's short strings; must be there unless there is a default.
    mutating func text(_ key: String, default defaultText: String? = nil) -> String {
        asked.insert(key)
        if let defaultText, reader.value(key) == nil { return defaultText }
        let text = reader.string(key, length: 0...Int.max)
        if !WireText.fits(text) { report(key, "must have at most \(WireText.octetsMax) octets") }
        return text
    }

    mutating func bool(_ key: String) -> Bool {
        switch value(key) {
        case nil: return false
        case .bool(let flag)?: return flag
        case let other?:
            report(key, "must be a boolean, not \(other.kind)")
            return false
        }
    }

    mutating func integer(_ key: String) -> Int64? {
        guard let value = value(key) else { return nil }
        guard let number = value.integer else {
            report(key, "must be a whole number, not \(value.kind)")
            return nil
        }
        return number
    }

    mutating func pattern(_ key: String) -> NamePattern {
        let text = text(key)
        do throws(NamePattern.Malformed) {
            return try NamePattern(text)
        } catch {
            report(key, error.problem)
            return .none
        }
    }

    /// Arguments of a queue, an exchange or a binding; none where they are absent.
    mutating func arguments(_ key: String = "arguments") -> FieldTable {
        switch value(key) {
        // An empty array is what some exports make of no arguments.
        case nil, .array([])?: return [:]
        case .object(let members)?:
            let table = FieldTable(members)
            if let problem = table.problemOnTheWire { report(key, problem) }
            return table
        case let other?:
            report(key, "must be an object, not \(other.kind)")
            return [:]
        }
    }
}

extension FieldTable {
    /// A JSON object as a table with the types that RabbitMQ gives it on import.
    init(_ members: [String: JSONValue]) {
        self.init(members.sorted(byOctetsOf: \.key).map { ($0.key, FieldValue($0.value)) })
    }
}

extension FieldValue {
    init(_ json: JSONValue) {
        self =
            switch json {
            case .null: .void
            case .bool(let flag): .bool(flag)
            case .integer(let number): .int64(number)
            case .number(let number): .double(number)
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map(FieldValue.init))
            case .object(let members): .table(FieldTable(members))
            }
    }
}
