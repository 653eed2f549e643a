// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `basic.qos` (60, 10), from the client: limits how much may be delivered without acknowledgement.
public struct BasicQos: MethodArguments {
    /// (60, 10).
    public static let id = MethodID(classID: 60, methodID: 10)
    /// Octets; RabbitMQ takes 0 only.
    public var prefetchSize: UInt32
    /// Deliveries; 0 = no limit.
    public var prefetchCount: UInt16
    /// For the channel as a whole; else for each consumer to come (RabbitMQ's meaning).
    public var isGlobal: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        prefetchSize: UInt32 = 0,
        prefetchCount: UInt16 = 0,
        isGlobal: Bool = false
    ) {
        self.prefetchSize = prefetchSize
        self.prefetchCount = prefetchCount
        self.isGlobal = isGlobal
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        prefetchSize = try reader.long("prefetch-size")
        prefetchCount = try reader.short("prefetch-count")
        isGlobal = try reader.octet("global") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.long(prefetchSize)
        writer.short(prefetchCount)
        writer.octet(isGlobal ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("prefetch-size", prefetchSize)
        line.field("prefetch-count", prefetchCount)
        line.field("global", isGlobal)
    }
}

/// `basic.consume` (60, 20), from the client: starts a consumer.
public struct BasicConsume: MethodArguments {
    /// (60, 20).
    public static let id = MethodID(classID: 60, methodID: 20)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// The consumer; unique in its channel.
    public var consumerTag: String
    /// Not what this connection published; RabbitMQ ignores it.
    public var noLocal: Bool
    /// Deliveries count as acknowledged.
    public var noAck: Bool
    /// Only this connection (a queue) or this consumer may use it.
    public var exclusive: Bool
    /// No answer is wanted.
    public var noWait: Bool
    /// Arguments such as `x-message-ttl`.
    public var arguments: FieldTable

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        consumerTag: String = "",
        noLocal: Bool = false,
        noAck: Bool = false,
        exclusive: Bool = false,
        noWait: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.queue = queue
        self.consumerTag = consumerTag
        self.noLocal = noLocal
        self.noAck = noAck
        self.exclusive = exclusive
        self.noWait = noWait
        self.arguments = arguments
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        consumerTag = try reader.shortString("consumer-tag")
        let bits = try reader.octet("no-local")
        self.noLocal = bits & 0x01 != 0
        self.noAck = bits & 0x02 != 0
        self.exclusive = bits & 0x04 != 0
        self.noWait = bits & 0x08 != 0
        arguments = try reader.table("arguments")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        try writer.shortString(consumerTag, "consumer-tag")
        var bits: UInt8 = 0
        if noLocal { bits |= 0x01 }
        if noAck { bits |= 0x02 }
        if exclusive { bits |= 0x04 }
        if noWait { bits |= 0x08 }
        writer.octet(bits)
        try writer.table(arguments, "arguments")
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("consumer-tag", consumerTag)
        line.field("no-local", noLocal)
        line.field("no-ack", noAck)
        line.field("exclusive", exclusive)
        line.field("no-wait", noWait)
        line.field("arguments", arguments)
    }
}

/// `basic.consume-ok` (60, 21), from the server: the consumer is there.
public struct BasicConsumeOk: MethodArguments {
    /// (60, 21).
    public static let id = MethodID(classID: 60, methodID: 21)
    /// The consumer; unique in its channel.
    public var consumerTag: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        consumerTag: String
    ) {
        self.consumerTag = consumerTag
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        consumerTag = try reader.shortString("consumer-tag")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(consumerTag, "consumer-tag")
    }

    func describe(in line: inout TraceLine) {
        line.field("consumer-tag", consumerTag)
    }
}

/// `basic.cancel` (60, 30), from the client or the server: ends a consumer; from the server, only for clients with `consumer_cancel_notify`.
public struct BasicCancel: MethodArguments {
    /// (60, 30).
    public static let id = MethodID(classID: 60, methodID: 30)
    /// The consumer; unique in its channel.
    public var consumerTag: String
    /// No answer is wanted.
    public var noWait: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        consumerTag: String,
        noWait: Bool = false
    ) {
        self.consumerTag = consumerTag
        self.noWait = noWait
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        consumerTag = try reader.shortString("consumer-tag")
        noWait = try reader.octet("no-wait") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(consumerTag, "consumer-tag")
        writer.octet(noWait ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("consumer-tag", consumerTag)
        line.field("no-wait", noWait)
    }
}

/// `basic.cancel-ok` (60, 31), from the client or the server: the consumer is gone.
public struct BasicCancelOk: MethodArguments {
    /// (60, 31).
    public static let id = MethodID(classID: 60, methodID: 31)
    /// The consumer; unique in its channel.
    public var consumerTag: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        consumerTag: String
    ) {
        self.consumerTag = consumerTag
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        consumerTag = try reader.shortString("consumer-tag")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(consumerTag, "consumer-tag")
    }

    func describe(in line: inout TraceLine) {
        line.field("consumer-tag", consumerTag)
    }
}

/// `basic.publish` (60, 40), from the client: brings a message.
public struct BasicPublish: MethodArguments {
    /// (60, 40).
    public static let id = MethodID(classID: 60, methodID: 40)
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// Return it if it reaches no queue.
    public var mandatory: Bool
    /// Return it if no consumer is ready; RabbitMQ refuses it.
    public var immediate: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        exchange: String = "",
        routingKey: String = "",
        mandatory: Bool = false,
        immediate: Bool = false
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.mandatory = mandatory
        self.immediate = immediate
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
        let bits = try reader.octet("mandatory")
        self.mandatory = bits & 0x01 != 0
        self.immediate = bits & 0x02 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
        var bits: UInt8 = 0
        if mandatory { bits |= 0x01 }
        if immediate { bits |= 0x02 }
        writer.octet(bits)
    }

    func describe(in line: inout TraceLine) {
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
        line.field("mandatory", mandatory)
        line.field("immediate", immediate)
    }
}

/// `basic.return` (60, 50), from the server: brings back a message that was mandatory and could not be routed.
public struct BasicReturn: MethodArguments {
    /// (60, 50).
    public static let id = MethodID(classID: 60, methodID: 50)
    /// A number of ``ReplyCode``, or one that it does not know.
    public var replyCode: UInt16
    /// The reason, for people.
    public var replyText: String
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        replyCode: UInt16,
        replyText: String,
        exchange: String = "",
        routingKey: String = ""
    ) {
        self.replyCode = replyCode
        self.replyText = replyText
        self.exchange = exchange
        self.routingKey = routingKey
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        replyCode = try reader.short("reply-code")
        replyText = try reader.shortString("reply-text")
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(replyCode)
        try writer.shortString(replyText, "reply-text")
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
    }

    func describe(in line: inout TraceLine) {
        line.field("reply-code", replyCode)
        line.field("reply-text", replyText)
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
    }
}

/// `basic.deliver` (60, 60), from the server: brings a message to a consumer.
public struct BasicDeliver: MethodArguments {
    /// (60, 60).
    public static let id = MethodID(classID: 60, methodID: 60)
    /// The consumer; unique in its channel.
    public var consumerTag: String
    /// The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.
    public var deliveryTag: UInt64
    /// It was delivered before.
    public var redelivered: Bool
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        consumerTag: String,
        deliveryTag: UInt64,
        redelivered: Bool = false,
        exchange: String = "",
        routingKey: String = ""
    ) {
        self.consumerTag = consumerTag
        self.deliveryTag = deliveryTag
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        consumerTag = try reader.shortString("consumer-tag")
        deliveryTag = try reader.longLong("delivery-tag")
        redelivered = try reader.octet("redelivered") & 0x01 != 0
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(consumerTag, "consumer-tag")
        writer.longLong(deliveryTag)
        writer.octet(redelivered ? 0x01 : 0)
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
    }

    func describe(in line: inout TraceLine) {
        line.field("consumer-tag", consumerTag)
        line.field("delivery-tag", deliveryTag)
        line.field("redelivered", redelivered)
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
    }
}

/// `basic.get` (60, 70), from the client: asks for one message.
public struct BasicGet: MethodArguments {
    /// (60, 70).
    public static let id = MethodID(classID: 60, methodID: 70)
    /// The queue; empty is the last that the channel declared, or in `declare` one that the server names.
    public var queue: String
    /// Deliveries count as acknowledged.
    public var noAck: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        queue: String = "",
        noAck: Bool = false
    ) {
        self.queue = queue
        self.noAck = noAck
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        _ = try reader.short("reserved-1")
        queue = try reader.shortString("queue")
        noAck = try reader.octet("no-ack") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(0)
        try writer.shortString(queue, "queue")
        writer.octet(noAck ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("queue", queue)
        line.field("no-ack", noAck)
    }
}

/// `basic.get-ok` (60, 71), from the server: brings that message.
public struct BasicGetOk: MethodArguments {
    /// (60, 71).
    public static let id = MethodID(classID: 60, methodID: 71)
    /// The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.
    public var deliveryTag: UInt64
    /// It was delivered before.
    public var redelivered: Bool
    /// The exchange; empty is the default exchange.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// How many messages: ready, purged, deleted or left.
    public var messageCount: UInt32

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        deliveryTag: UInt64,
        redelivered: Bool = false,
        exchange: String = "",
        routingKey: String = "",
        messageCount: UInt32
    ) {
        self.deliveryTag = deliveryTag
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.messageCount = messageCount
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        deliveryTag = try reader.longLong("delivery-tag")
        redelivered = try reader.octet("redelivered") & 0x01 != 0
        exchange = try reader.shortString("exchange")
        routingKey = try reader.shortString("routing-key")
        messageCount = try reader.long("message-count")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.longLong(deliveryTag)
        writer.octet(redelivered ? 0x01 : 0)
        try writer.shortString(exchange, "exchange")
        try writer.shortString(routingKey, "routing-key")
        writer.long(messageCount)
    }

    func describe(in line: inout TraceLine) {
        line.field("delivery-tag", deliveryTag)
        line.field("redelivered", redelivered)
        line.field("exchange", exchange)
        line.field("routing-key", routingKey)
        line.field("message-count", messageCount)
    }
}

/// `basic.ack` (60, 80), from the client or the server: acknowledges deliveries or, from the server, confirms publishes.
public struct BasicAck: MethodArguments {
    /// (60, 80).
    public static let id = MethodID(classID: 60, methodID: 80)
    /// The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.
    public var deliveryTag: UInt64
    /// All up to and including this one.
    public var multiple: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        deliveryTag: UInt64,
        multiple: Bool = false
    ) {
        self.deliveryTag = deliveryTag
        self.multiple = multiple
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        deliveryTag = try reader.longLong("delivery-tag")
        multiple = try reader.octet("multiple") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.longLong(deliveryTag)
        writer.octet(multiple ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("delivery-tag", deliveryTag)
        line.field("multiple", multiple)
    }
}

/// `basic.reject` (60, 90), from the client: refuses one delivery.
public struct BasicReject: MethodArguments {
    /// (60, 90).
    public static let id = MethodID(classID: 60, methodID: 90)
    /// The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.
    public var deliveryTag: UInt64
    /// Put it back instead of dropping or dead-lettering it.
    public var requeue: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        deliveryTag: UInt64,
        requeue: Bool = false
    ) {
        self.deliveryTag = deliveryTag
        self.requeue = requeue
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        deliveryTag = try reader.longLong("delivery-tag")
        requeue = try reader.octet("requeue") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.longLong(deliveryTag)
        writer.octet(requeue ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("delivery-tag", deliveryTag)
        line.field("requeue", requeue)
    }
}

/// `basic.recover-async` (60, 100), from the client: as `recover`, unanswered; deprecated.
public struct BasicRecoverAsync: MethodArguments {
    /// (60, 100).
    public static let id = MethodID(classID: 60, methodID: 100)
    /// Put it back instead of dropping or dead-lettering it.
    public var requeue: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        requeue: Bool = false
    ) {
        self.requeue = requeue
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        requeue = try reader.octet("requeue") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.octet(requeue ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("requeue", requeue)
    }
}

/// `basic.recover` (60, 110), from the client: asks for everything unacknowledged to be delivered again.
public struct BasicRecover: MethodArguments {
    /// (60, 110).
    public static let id = MethodID(classID: 60, methodID: 110)
    /// Put it back instead of dropping or dead-lettering it.
    public var requeue: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        requeue: Bool = false
    ) {
        self.requeue = requeue
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        requeue = try reader.octet("requeue") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.octet(requeue ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("requeue", requeue)
    }
}

/// `basic.nack` (60, 120), from the client or the server: refuses deliveries or, from the server, publishes.
public struct BasicNack: MethodArguments {
    /// (60, 120).
    public static let id = MethodID(classID: 60, methodID: 120)
    /// The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.
    public var deliveryTag: UInt64
    /// All up to and including this one.
    public var multiple: Bool
    /// Put it back instead of dropping or dead-lettering it.
    public var requeue: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        deliveryTag: UInt64,
        multiple: Bool = false,
        requeue: Bool = false
    ) {
        self.deliveryTag = deliveryTag
        self.multiple = multiple
        self.requeue = requeue
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        deliveryTag = try reader.longLong("delivery-tag")
        let bits = try reader.octet("multiple")
        self.multiple = bits & 0x01 != 0
        self.requeue = bits & 0x02 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.longLong(deliveryTag)
        var bits: UInt8 = 0
        if multiple { bits |= 0x01 }
        if requeue { bits |= 0x02 }
        writer.octet(bits)
    }

    func describe(in line: inout TraceLine) {
        line.field("delivery-tag", deliveryTag)
        line.field("multiple", multiple)
        line.field("requeue", requeue)
    }
}
