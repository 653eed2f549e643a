import AMQP
import FoundationEssentials
import JSON
import Octets

/// AMQP's tables as the management API writes and reads them.
extension JSONValue {
    init(_ table: FieldTable) {
        // Of a name that comes twice, lookup finds the first.
        self = .object(Dictionary(table.entries.map { ($0.key, JSONValue($0.value)) }) { first, _ in first })
    }

    init(_ value: FieldValue) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64: self = .integer(value.integer ?? 0)
        case .float(let number): self = JSONValue(finite: Double(number))
        case .double(let number): self = JSONValue(finite: number)
        case .decimal(let number): self = .string("\(number)")
        case .string(let text): self = .string(text)
        case .octets(let octets), .bytes(let octets): self = .string(Data(octets).base64EncodedString())
        case .array(let values): self = .array(values.map { JSONValue($0) })
        case .timestamp(let seconds): self = .integer(Int64(clamping: seconds))
        case .table(let table): self = JSONValue(table)
        case .void: self = .null
        }
    }

    /// JSON has no infinities.
    init(finite number: Double) { self = number.isFinite ? .number(number) : .string("\(number)") }
}

extension FieldTable {
    /// A JSON object as RabbitMQ takes it for a table: whole numbers become 64 bits wide.
    init(_ members: [String: JSONValue]) {
        self.init(members.sorted(byOctetsOf: \.key).map { ($0.key, FieldValue($0.value)) })
    }
}

extension FieldValue {
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .void
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .int64(number)
        case .number(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { FieldValue($0) })
        case .object(let members): self = .table(FieldTable(members))
        }
    }
}
