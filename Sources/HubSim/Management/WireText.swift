import AMQP

/// What a frame can carry, for values that did not come in one: names and tables from HTTP or a file.
package enum WireText {
    /// Octets of a name or a routing key: AMQP's short strings (AMQP 0-9-1 §4.2.5.3).
    package static let octetsMax = 255

    package static func fits(_ text: String) -> Bool { text.utf8.count <= octetsMax }
}

extension FieldTable {
    /// Why no client could be sent this table, to be read after its name; nil where it can.
    package var problemOnTheWire: String? {
        var entriesLeft = Limits.standard.tableEntriesMax
        return problem(depth: 1, &entriesLeft)
    }

    fileprivate func problem(depth: Int, _ entriesLeft: inout Int) -> String? {
        for entry in entries {
            guard WireText.fits(entry.key) else {
                return "has a name of more than \(WireText.octetsMax) octets"
            }
            if let problem = entry.value.problem(depth: depth, &entriesLeft) { return problem }
        }
        return nil
    }
}

extension FieldValue {
    fileprivate func problem(depth: Int, _ entriesLeft: inout Int) -> String? {
        entriesLeft -= 1
        guard entriesLeft >= 0 else { return "has more than \(Limits.standard.tableEntriesMax) entries" }
        guard depth <= Limits.standard.tableDepthMax else {
            return "is nested deeper than \(Limits.standard.tableDepthMax) levels"
        }
        switch self {
        case .table(let table): return table.problem(depth: depth + 1, &entriesLeft)
        case .array(let values):
            for value in values {
                if let problem = value.problem(depth: depth + 1, &entriesLeft) { return problem }
            }
            return nil
        case .bool, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .float, .double, .decimal, .string,
            .octets, .bytes, .timestamp, .void:
            return nil
        }
    }
}
