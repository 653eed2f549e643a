/// A delivery that waits for its acknowledgement: who holds what.
public struct UnackedSnapshot: Sendable, Hashable {
    public var vhost: String
    public var queue: String
    public var connection: UInt64
    public var connectionName: String
    public var channel: UInt16
    public var deliveryTag: UInt64
    /// Nil for what was got by `basic.get`.
    public var consumerTag: String?
    public var exchange: String
    public var routingKey: String
    public var messageID: String?
    public var isRedelivered: Bool
    /// When it was delivered, since the hub began.
    public var deliveredAt: Duration

    init(_ unacked: UnackedMessage, _ channel: BrokerChannel) {
        vhost = unacked.queue.host.name
        queue = unacked.queue.name
        connection = channel.connection.id.rawValue
        connectionName = channel.connection.profile.name
        self.channel = channel.number
        deliveryTag = unacked.tag
        consumerTag = unacked.consumer?.tag
        exchange = unacked.entry.message.exchange
        routingKey = unacked.entry.message.routingKey
        messageID = unacked.entry.message.properties.messageID
        isRedelivered = unacked.entry.isRedelivered
        deliveredAt = unacked.deliveredAt.sinceStart
    }
}

extension UnackedSnapshot: CustomStringConvertible {
    /// Such as `from queue 'q': message 'm1', key 'k', held by connection 'service', channel 1, tag 7`.
    public var description: String {
        "from queue '\(queue)': \(messageID.map { "message '\($0)', " } ?? "")key '\(routingKey)'\(isRedelivered ? ", redelivered" : "")"
            + ", held by connection '\(connectionName)', channel \(channel), tag \(deliveryTag)"
    }
}
