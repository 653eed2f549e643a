// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `queue.declare` (50, 10), from the client: creates a queue, or verifies that it is as described.
public struct QueueDeclare: MethodArguments {
    /// (50, 10).
    public static let id = MethodID(classID: 50, methodID: 10)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// Only verify that it exists.
    public var passive: Bool
    /// It survives a restart.
    public var durable: Bool
    /// Only this connection (a queue) or this consumer may use it.
    public var exclusive: Bool
    /// It goes when its last user has gone.
    public var autoDelete: Bool
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        passive: Bool = false,
        durable: Bool = false,
        exclusive: Bool = false,
        autoDelete: Bool = false,
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.queue = queue
        self.passive = passive
        self.durable = durable
        self.exclusive = exclusive
        self.autoDelete = autoDelete
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        let bits = try reader.octet("passive")
        self.passive = bits & 0x01 != 0
        self.durable = bits & 0x02 != 0
        self.exclusive = bits & 0x04 != 0
        self.autoDelete = bits & 0x08 != 0
        self.noWait = bits & 0x10 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        var bits: UInt8 = 0
        if passive { bits |= 0x01 }
        if durable { bits |= 0x02 }
        if exclusive { bits |= 0x04 }
        if autoDelete { bits |= 0x08 }
        if noWait { bits |= 0x10 }
        writer.octet(bits)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("passive", passive)
        line.field("durable", durable)
        line.field("exclusive", exclusive)
        line.field("auto-delete", autoDelete)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}

/// `queue.declare-ok` (50, 11), from the server: the queue is there.
public struct QueueDeclareOk: MethodArguments {
    /// (50, 11).
    public static let id = MethodID(classID: 50, methodID: 11)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// How many messages: ready, purged, deleted or left.
    public var messageCount: UInt32
    /// How many consumers it has.
    public var consumerCount: UInt32

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        messageCount: UInt32,
        consumerCount: UInt32
    ) {
        self.queue = queue
        self.messageCount = messageCount
        self.consumerCount = consumerCount
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        queue = try reader.shortString("queue")
        messageCount = try reader.long("message-count")
        consumerCount = try reader.long("consumer-count")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(queue, "queue")
        writer.long(messageCount)
        writer.long(consumerCount)
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("message-count", messageCount)
        line.field("consumer-count", consumerCount)
    }
}

/// `queue.bind` (50, 20), from the client: routes from an exchange to a queue.
public struct QueueBind: MethodArguments {
    /// (50, 20).
    public static let id = MethodID(classID: 50, methodID: 20)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        exchange: String = "",
        routingKey: String = "",
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
        noWait = try reader.octet("no-wait") & 0x01 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
        writer.octet(noWait ? 0x01 : 0)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}

/// `queue.purge` (50, 30), from the client: drops every message that is ready.
public struct QueuePurge: MethodArguments {
    /// (50, 30).
    public static let id = MethodID(classID: 50, methodID: 30)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// No answer is wanted.
    public var noWait: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        noWait: Bool = false
    ) {
        self.queue = queue
        self.noWait = noWait
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        noWait = try reader.octet("no-wait") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        writer.octet(noWait ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("no-wait", noWait)
    }
}

/// `queue.purge-ok` (50, 31), from the server: the messages are gone.
public struct QueuePurgeOk: MethodArguments {
    /// (50, 31).
    public static let id = MethodID(classID: 50, methodID: 31)
    /// How many messages: ready, purged, deleted or left.
    public var messageCount: UInt32

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        messageCount: UInt32
    ) {
        self.messageCount = messageCount
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        messageCount = try reader.long("message-count")
    }

    func encode(to writer: inout FieldWriter) {
        writer.long(messageCount)
    }

    func describe(in line: inout TraceLine) {
        line.field("message-count", messageCount)
    }
}

/// `queue.delete` (50, 40), from the client: deletes a queue.
public struct QueueDelete: MethodArguments {
    /// (50, 40).
    public static let id = MethodID(classID: 50, methodID: 40)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// Only when nobody uses it.
    public var ifUnused: Bool
    /// Only when it has no messages.
    public var ifEmpty: Bool
    /// No answer is wanted.
    public var noWait: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        ifUnused: Bool = false,
        ifEmpty: Bool = false,
        noWait: Bool = false
    ) {
        self.queue = queue
        self.ifUnused = ifUnused
        self.ifEmpty = ifEmpty
        self.noWait = noWait
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        let bits = try reader.octet("if-unused")
        self.ifUnused = bits & 0x01 != 0
        self.ifEmpty = bits & 0x02 != 0
        self.noWait = bits & 0x04 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        var bits: UInt8 = 0
        if ifUnused { bits |= 0x01 }
        if ifEmpty { bits |= 0x02 }
        if noWait { bits |= 0x04 }
        writer.octet(bits)
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("if-unused", ifUnused)
        line.field("if-empty", ifEmpty)
        line.field("no-wait", noWait)
    }
}

/// `queue.delete-ok` (50, 41), from the server: the queue is gone.
public struct QueueDeleteOk: MethodArguments {
    /// (50, 41).
    public static let id = MethodID(classID: 50, methodID: 41)
    /// How many messages: ready, purged, deleted or left.
    public var messageCount: UInt32

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        messageCount: UInt32
    ) {
        self.messageCount = messageCount
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        messageCount = try reader.long("message-count")
    }

    func encode(to writer: inout FieldWriter) {
        writer.long(messageCount)
    }

    func describe(in line: inout TraceLine) {
        line.field("message-count", messageCount)
    }
}

/// `queue.unbind` (50, 50), from the client: removes a route to a queue; it has no `no-wait`.
public struct QueueUnbind: MethodArguments {
    /// (50, 50).
    public static let id = MethodID(classID: 50, methodID: 50)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        exchange: String = "",
        routingKey: String = "",
        arguments: FieldTable = [:]
    ) {
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
        line.field("arguments", arguments)
    }
}
