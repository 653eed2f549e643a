import AMQP

/// A message in a queue as a manager sees it: ready, or held unacknowledged by somebody.
package struct HeldMessage: Sendable {
    /// Who holds it.
    package struct Holder: Sendable, Hashable {
        package var connection: UInt64
        package var connectionName: String
        package var channel: UInt16
        /// Nil where it was fetched by `basic.get`.
        package var consumerTag: String?
        package var deliveryTag: UInt64
        /// How long it has been held, in milliseconds.
        package var heldMs: Int64
    }

    package var message: Message
    /// Its place in the queue.
    package var position: UInt64
    package var isRedelivered: Bool
    package var priority: UInt8
    /// Milliseconds until it expires; nil where it does not.
    package var expiresInMs: Int64?
    package var holder: Holder?
}

extension HeldMessage {
    init(_ entry: QueuedMessage, at now: Instant, holder: Holder? = nil) {
        message = entry.message
        position = entry.position
        isRedelivered = entry.isRedelivered
        priority = entry.priority
        expiresInMs =
            entry.expiresAt == .never ? nil : max(0, (entry.expiresAt.microseconds - now.microseconds) / 1000)
        self.holder = holder
    }
}
