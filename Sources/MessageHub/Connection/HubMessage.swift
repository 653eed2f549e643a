/// A message for a hub, or from it: body and the properties that this house uses (AMQP 0-9-1 §4.2.6.1).
public struct HubMessage: Sendable, Hashable {
    public var body: [UInt8]
    public var contentType: String?
    /// Kept over a restart of the hub, in a durable queue (`delivery_mode` 2).
    public var isPersistent: Bool
    public var messageID: String?
    public var correlationID: String?
    /// The queue to answer to.
    public var replyTo: String?
    public var type: String?
    public var appID: String?
    /// Seconds since 1970-01-01T00:00:00Z.
    public var timestampSeconds: UInt64?
    /// After so many milliseconds in a queue the hub drops the message.
    public var expirationMs: Int?
    /// Application headers. Only the kinds of `HubHeaderValue` are carried; others in a received message are left out.
    public var headers: [String: HubHeaderValue]
    /// The names of a received message's headers whose values are of other kinds, and so left out.
    public var otherHeaders: Set<String> = []

    public init(
        body: [UInt8],
        contentType: String? = nil,
        isPersistent: Bool = false,
        messageID: String? = nil,
        correlationID: String? = nil,
        replyTo: String? = nil,
        type: String? = nil,
        appID: String? = nil,
        timestampSeconds: UInt64? = nil,
        expirationMs: Int? = nil,
        headers: [String: HubHeaderValue] = [:]
    ) {
        self.body = body
        self.contentType = contentType
        self.isPersistent = isPersistent
        self.messageID = messageID
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.type = type
        self.appID = appID
        self.timestampSeconds = timestampSeconds
        self.expirationMs = expirationMs
        self.headers = headers
    }
}

/// The value of an application header.
public enum HubHeaderValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case bool(Bool)

    /// The text, where it is one.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

/// Where a message goes. The default exchange (`""`) routes to the queue that the routing key names.
public struct HubAddress: Sendable, Hashable {
    public var exchange: String
    public var routingKey: String

    public init(exchange: String, routingKey: String) {
        self.exchange = exchange
        self.routingKey = routingKey
    }

    /// A queue by its name, through the default exchange.
    public static func queue(_ name: String) -> HubAddress { HubAddress(exchange: "", routingKey: name) }
}

/// A message that was delivered to a consumer and waits for its acknowledgement.
public struct HubDelivery: Sendable, Hashable {
    public var message: HubMessage
    public var exchange: String
    public var routingKey: String
    /// Whether it had been delivered before, and was not acknowledged.
    public var isRedelivered: Bool
    /// The number by which it is acknowledged, on this connection and channel only.
    public var deliveryTag: UInt64
    /// The channel that it came on; 0 where the hub has none.
    public var channel: UInt16

    public init(
        message: HubMessage,
        exchange: String,
        routingKey: String,
        isRedelivered: Bool,
        deliveryTag: UInt64,
        channel: UInt16
    ) {
        self.message = message
        self.exchange = exchange
        self.routingKey = routingKey
        self.isRedelivered = isRedelivered
        self.deliveryTag = deliveryTag
        self.channel = channel
    }
}

/// The deliveries of one consumer, in order. It ends when the connection ends or the hub cancels the consumer
/// (its queue was deleted); leaving the loop does not cancel the consumer, closing the connection does.
public struct HubSubscription: Sendable, AsyncSequence {
    public typealias Element = HubDelivery
    public typealias AsyncIterator = AsyncStream<HubDelivery>.AsyncIterator

    private let deliveries: AsyncStream<HubDelivery>

    /// The stream needs no bound of its own: the hub never has more than the prefetch count unacknowledged.
    public init(_ deliveries: AsyncStream<HubDelivery>) { self.deliveries = deliveries }

    public func makeAsyncIterator() -> AsyncIterator { deliveries.makeAsyncIterator() }
}
