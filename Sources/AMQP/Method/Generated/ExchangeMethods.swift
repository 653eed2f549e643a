// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `exchange.declare` (40, 10), from the client: creates an exchange, or verifies that it is as described.
public struct ExchangeDeclare: MethodArguments {
    /// (40, 10).
    public static let id = MethodID(classID: 40, methodID: 10)
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// `direct`, `fanout`, `topic`, `headers` or a plugin's.
    public var type: String
    /// Only verify that it exists.
    public var passive: Bool
    /// It survives a restart.
    public var durable: Bool
    /// It goes when its last user has gone.
    public var autoDelete: Bool
    /// Clients may not publish to it.
    public var `internal`: Bool
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        exchange: String = "",
        type: String = "",
        passive: Bool = false,
        durable: Bool = false,
        autoDelete: Bool = false,
        internal: Bool = false,
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.exchange = exchange
        self.type = type
        self.passive = passive
        self.durable = durable
        self.autoDelete = autoDelete
        self.internal = `internal`
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        exchange = try reader.shortString("exchange")
        type = try reader.shortString("type")
        let bits = try reader.octet("passive")
        self.passive = bits & 0x01 != 0
        self.durable = bits & 0x02 != 0
        self.autoDelete = bits & 0x04 != 0
        self.internal = bits & 0x08 != 0
        self.noWait = bits & 0x10 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(exchange, "exchange")
        try writer.shortString(type, "type")
        var bits: UInt8 = 0
        if passive { bits |= 0x01 }
        if durable { bits |= 0x02 }
        if autoDelete { bits |= 0x04 }
        if `internal` { bits |= 0x08 }
        if noWait { bits |= 0x10 }
        writer.octet(bits)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("exchange", exchange)
        line.field("type", type)
        line.field("passive", passive)
        line.field("durable", durable)
        line.field("auto-delete", autoDelete)
        line.field("internal", `internal`)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}

/// `exchange.delete` (40, 20), from the client: deletes an exchange.
public struct ExchangeDelete: MethodArguments {
    /// (40, 20).
    public static let id = MethodID(classID: 40, methodID: 20)
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// Only when nobody uses it.
    public var ifUnused: Bool
    /// No answer is wanted.
    public var noWait: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        exchange: String = "",
        ifUnused: Bool = false,
        noWait: Bool = false
    ) {
        self.exchange = exchange
        self.ifUnused = ifUnused
        self.noWait = noWait
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        exchange = try reader.shortString("exchange")
        let bits = try reader.octet("if-unused")
        self.ifUnused = bits & 0x01 != 0
        self.noWait = bits & 0x02 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(exchange, "exchange")
        var bits: UInt8 = 0
        if ifUnused { bits |= 0x01 }
        if noWait { bits |= 0x02 }
        writer.octet(bits)
    }

    func describe(in line: inout TraceLine) {
        line.field("exchange", exchange)
        line.field("if-unused", ifUnused)
        line.field("no-wait", noWait)
    }
}

/// `exchange.bind` (40, 30), from the client: routes from one exchange to another.
public struct ExchangeBind: MethodArguments {
    /// (40, 30).
    public static let id = MethodID(classID: 40, methodID: 30)
    /// The exchange that receives.
    public var destination: String
    /// The exchange that gives.
    public var source: String
    /// The routing key.
    public var routingKey: String
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        destination: String = "",
        source: String = "",
        routingKey: String = "",
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.destination = destination
        self.source = source
        self.routingKey = routingKey
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        destination = try reader.shortString("destination")
        source = try reader.shortString("source")
        routingKey = try reader.shortString("routing-key")
        noWait = try reader.octet("no-wait") & 0x01 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(destination, "destination")
        try writer.shortString(source, "source")
        try writer.shortString(routingKey, "routing-key")
        writer.octet(noWait ? 0x01 : 0)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("destination", destination)
        line.field("source", source)
        line.field("routing-key", routingKey)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}

/// `exchange.unbind` (40, 40), from the client: removes a route between exchanges.
public struct ExchangeUnbind: MethodArguments {
    /// (40, 40).
    public static let id = MethodID(classID: 40, methodID: 40)
    /// The exchange that receives.
    public var destination: String
    /// The exchange that gives.
    public var source: String
    /// The routing key.
    public var routingKey: String
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        destination: String = "",
        source: String = "",
        routingKey: String = "",
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.destination = destination
        self.source = source
        self.routingKey = routingKey
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        destination = try reader.shortString("destination")
        source = try reader.shortString("source")
        routingKey = try reader.shortString("routing-key")
        noWait = try reader.octet("no-wait") & 0x01 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(destination, "destination")
        try writer.shortString(source, "source")
        try writer.shortString(routingKey, "routing-key")
        writer.octet(noWait ? 0x01 : 0)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("destination", destination)
        line.field("source", source)
        line.field("routing-key", routingKey)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}
