import AMQP

/// One subscription of a channel to a queue.
///
/// It holds its channel and its queue, and they hold it, until it is detached from both.
final class Consumer {
    let tag: String
    let channel: BrokerChannel
    let queue: Queue
    let isNoAck: Bool
    let isExclusive: Bool
    /// `x-priority`: higher ones are served first.
    let priority: Int64
    let arguments: FieldTable
    /// How many deliveries may be unacknowledged; 0 = any number. Set by `basic.qos` before the consumer began.
    let prefetchMax: Int
    var unackedCount = 0

    init(
        tag: String,
        channel: BrokerChannel,
        queue: Queue,
        isNoAck: Bool,
        isExclusive: Bool,
        priority: Int64,
        prefetchMax: Int,
        arguments: FieldTable
    ) {
        self.tag = tag
        self.channel = channel
        self.queue = queue
        self.isNoAck = isNoAck
        self.isExclusive = isExclusive
        self.priority = priority
        self.prefetchMax = prefetchMax
        self.arguments = arguments
    }

    /// Whether a message may be delivered to it now. Its own prefetch limit holds only where acknowledgements come; that of
    /// its channel stops all consumers of the channel, as with RabbitMQ, whoever has used it up.
    var canTake: Bool {
        if channel.connection.isCongested { return false }
        if !isNoAck, prefetchMax > 0, unackedCount >= prefetchMax { return false }
        return channel.prefetchMax == 0 || channel.unackedByConsumersCount < channel.prefetchMax
    }
}
