import AMQP

/// What the arguments of `queue.declare` ask of a queue, checked and in numbers.
struct QueueOptions {
    /// What happens to a message that does not fit (`x-overflow`).
    enum Overflow: String {
        case dropHead = "drop-head"
        case rejectPublish = "reject-publish"
        case rejectPublishDeadLetter = "reject-publish-dlx"
    }

    var messageTTLMs: Int64?
    /// How long the queue may be unused (`x-expires`).
    var expiresMs: Int64?
    var lengthMax: Int64?
    var bytesMax: Int64?
    /// Nil means `dropHead`.
    var overflow: Overflow?
    var deadLetterExchange: String?
    var deadLetterRoutingKey: String?
    /// Nil: a queue without priorities.
    var priorityMax: UInt8?
    var isSingleActiveConsumer = false
    /// How long a delivery may stay unacknowledged (`x-consumer-timeout`).
    var consumerTimeoutMs: Int64?
}
