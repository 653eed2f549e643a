/// The properties of a message of class `basic`: 14, each of them optional (AMQP 0-9-1 §4.2.6.1).
///
/// Strings are short strings: at most 255 octets of UTF-8. A broker hands most of them on without a look.
public struct BasicProperties: Sendable, Hashable {
    /// MIME type of the body, such as `application/json`.
    public var contentType: String?
    /// MIME content encoding of the body.
    public var contentEncoding: String?
    /// Application headers; also what a headers exchange matches.
    public var headers: FieldTable?
    /// 1 = transient, 2 = persistent.
    public var deliveryMode: UInt8?
    /// 0…9 by the specification; RabbitMQ takes 0…255.
    public var priority: UInt8?
    /// The request that this answers.
    public var correlationID: String?
    /// Where answers go: a queue's name, usually.
    public var replyTo: String?
    /// How long the message lives: milliseconds, in decimal digits.
    public var expiration: String?
    /// The application's name for the message.
    public var messageID: String?
    /// Seconds since 1970-01-01T00:00:00Z.
    public var timestamp: UInt64?
    /// The application's name for the kind of message.
    public var type: String?
    /// Who published it; RabbitMQ checks it against the connection's user.
    public var userID: String?
    /// Which application published it.
    public var appID: String?
    /// Reserved by 0-9-1, a cluster's id in 0-9; must be empty by the one and is handed on by RabbitMQ.
    public var clusterID: String?

    /// Properties; what is not named is absent.
    public init(
        contentType: String? = nil,
        contentEncoding: String? = nil,
        headers: FieldTable? = nil,
        deliveryMode: UInt8? = nil,
        priority: UInt8? = nil,
        correlationID: String? = nil,
        replyTo: String? = nil,
        expiration: String? = nil,
        messageID: String? = nil,
        timestamp: UInt64? = nil,
        type: String? = nil,
        userID: String? = nil,
        appID: String? = nil,
        clusterID: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.headers = headers
        self.deliveryMode = deliveryMode
        self.priority = priority
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.expiration = expiration
        self.messageID = messageID
        self.timestamp = timestamp
        self.type = type
        self.userID = userID
        self.appID = appID
        self.clusterID = clusterID
    }

    /// Whether the message outlives a restart of the broker, in a durable queue.
    public var isPersistent: Bool { deliveryMode == 2 }
}
