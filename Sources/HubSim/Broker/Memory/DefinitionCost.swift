import AMQP

/// What definitions cost in memory, roughly and rather too much than too little: objects, their places in tables, their
/// names and arguments. A cost never changes, so that what was added is what is taken off.
enum DefinitionCost {
    static let channelBytes = 1024

    static func connection(_ profile: ConnectionProfile) -> Int {
        2048 + profile.name.utf8.count + profile.clientProperties.memoryBytes
    }

    static func queue(_ name: String, _ arguments: FieldTable, _ options: QueueOptions) -> Int {
        // A list for each priority, empty or not.
        1024 + name.utf8.count + arguments.memoryBytes + 16 * (Int(options.priorityMax ?? 0) + 1)
    }

    static func exchange(_ name: String, _ arguments: FieldTable) -> Int {
        1024 + name.utf8.count + arguments.memoryBytes
    }

    static func binding(_ key: BindingKey, kind: ExchangeKind) -> Int {
        let size = key.routingKey.text.utf8.count
        // A pattern may need a node for each of its words, and has one word more than it has dots.
        let nodes = kind == .topic ? 1 + key.routingKey.text.utf8.count { $0 == UInt8(ascii: ".") } : 1
        return 512 + size + key.arguments.memoryBytes + 320 * nodes
    }

    static func consumer(_ tag: String, _ arguments: FieldTable) -> Int {
        512 + tag.utf8.count + arguments.memoryBytes
    }
}

extension FieldTable {
    /// What a decoded table costs: two octets on the wire become dozens in memory.
    var memoryBytes: Int { entries.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.contentBytes } }
}

extension FieldValue {
    /// What a value costs beside its place in a table. The decoder bounds how deep it is.
    fileprivate var contentBytes: Int {
        switch self {
        case .bool, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .float, .double, .decimal, .timestamp,
            .void:
            0
        case .string(let value): 32 + value.utf8.count
        case .octets(let value), .bytes(let value): 32 + value.count
        case .array(let values): values.reduce(32) { $0 + 32 + $1.contentBytes }
        case .table(let table): 32 + table.memoryBytes
        }
    }
}

extension Broker {
    /// Requires that so much more may be defined. Throws 406 `PRECONDITION_FAILED`.
    func requireRoom(_ bytes: Int) throws(ProtocolError) {
        guard memory.definitionBytes + bytes <= limits.definitionBytesMax else {
            throw ProtocolError(
                .preconditionFailed,
                "memory for definitions (\(limits.definitionBytesMax) bytes) is used up"
            )
        }
    }
}
