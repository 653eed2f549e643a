import MessageHub

/// A message that waits in a queue, looked at from outside.
public struct PeekedMessage: Sendable, Hashable {
    /// How many are delivered before it.
    public var position: Int
    public var message: HubMessage
    public var exchange: String
    public var routingKey: String
    /// Whether it has been delivered before and come back.
    public var isRedelivered: Bool
    /// In a queue with priorities; else 0.
    public var priority: UInt8
    /// Since the hub began; nil: never.
    public var expiresAt: Duration?

    init(_ entry: QueuedMessage, position: Int) {
        self.position = position
        message = HubMessage(entry.message)
        exchange = entry.message.exchange
        routingKey = entry.message.routingKey
        isRedelivered = entry.isRedelivered
        priority = entry.priority
        expiresAt = entry.expiresAt == .never ? nil : entry.expiresAt.sinceStart
    }
}
