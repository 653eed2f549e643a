import AMQP
import Octets

/// Whether a declaration fits what is there already; the texts are RabbitMQ's.
extension Broker {
    /// Requires that two values, written as the reply text shows them, are one.
    func require(
        _ argument: String,
        of title: String,
        received: String,
        current: String
    ) throws(ProtocolError) {
        guard !received.isExactly(current) else { return }
        throw inequivalence(argument, of: title, received: received, current: current)
    }

    private func inequivalence(
        _ argument: String,
        of title: String,
        received: String,
        current: String
    ) -> ProtocolError {
        ProtocolError(
            .preconditionFailed,
            "inequivalent arg '\(argument)' for \(title): received \(received) but current is \(current)"
        )
    }

    /// Requires that two tables agree in these arguments. Integers of different widths are alike.
    func require(
        _ names: [String],
        of title: String,
        received: FieldTable,
        current: FieldTable
    ) throws(ProtocolError) {
        for name in names {
            let (new, old) = (received[name].withoutDefault(name), current[name].withoutDefault(name))
            if new == old { continue }
            if let new, let old {
                if let left = new.number, let right = old.number, left == right { continue }
                throw inequivalence(name, of: title, received: new.quoted, current: old.quoted)
            }
            try require(name, of: title, received: describe(new), current: describe(old))
        }
    }

    private func describe(_ value: FieldValue?) -> String {
        guard let value else { return "none" }
        return "the value '\(value.text)' of type '\(value.typeName)'"
    }
}

extension FieldValue? {
    /// The value; nil where it says only what is so without it.
    fileprivate func withoutDefault(_ name: String) -> FieldValue? {
        name == "x-queue-type" && self == .string("classic") ? nil : self
    }
}

extension FieldValue {
    /// The number that RabbitMQ compares: integers of any width are alike, and times are integers.
    fileprivate var number: Int64? {
        if case .timestamp(let seconds) = self { Int64(exactly: seconds) } else { integer }
    }

    /// The value in quotes; no value has none.
    fileprivate var quoted: String { self == .void ? "none" : "'\(text)'" }

    /// The type as RabbitMQ calls it in reply texts.
    var typeName: String {
        switch self {
        case .bool: "bool"
        case .int8: "byte"
        case .uint8: "unsignedbyte"
        case .int16: "short"
        case .uint16: "unsignedshort"
        case .int32: "signedint"
        case .uint32: "unsignedint"
        case .int64: "long"
        case .float: "float"
        case .double: "double"
        case .decimal: "decimal"
        case .string, .octets: "longstr"
        case .array: "array"
        case .timestamp: "timestamp"
        case .table: "table"
        case .void: "void"
        case .bytes: "binary"
        }
    }

    /// The value as reply texts show it.
    var text: String {
        switch self {
        case .bool(let value): "\(value)"
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64: "\(integer ?? 0)"
        case .float(let value): "\(value)"
        case .double(let value): "\(value)"
        case .decimal(let value): "{\(value.scale),\(value.value)}"
        case .string(let value): value
        case .octets(let value), .bytes(let value): String(decoding: value, as: UTF8.self)
        case .timestamp(let value): "\(value)"
        case .void: "undefined"
        case .array(let values): "[" + values.map { "{\($0.typeName),\($0.text)}" }.joined(separator: ",") + "]"
        case .table(let table):
            "["
                + table.entries.map { "{<<\"\($0.key)\">>,\($0.value.typeName),\($0.value.text)}" }.joined(
                    separator: ","
                )
                + "]"
        }
    }
}

extension String {
    /// RabbitMQ takes line breaks out of the names of exchanges and queues.
    var withoutLineBreaks: String {
        // By octets, because a carriage return and a line feed make one Character.
        guard utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return self }
        return String(decoding: utf8.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }
}
