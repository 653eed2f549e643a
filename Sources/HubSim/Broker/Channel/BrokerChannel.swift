import AMQP
import Octets

/// An open channel as the broker knows it. It and its connection hold each other until it is closed.
final class BrokerChannel {
    /// What the channel promises about publishes.
    enum Mode {
        case plain
        /// `confirm.select`: every publish is acknowledged.
        case confirming(Confirms)
        /// `tx.select`: publishes and acknowledgements wait for `tx.commit`.
        case transactional(Transaction)
    }

    let number: UInt16
    let connection: BrokerConnection
    var mode = Mode.plain
    /// After a channel error everything is ignored until the client's `close-ok` (AMQP 0-9-1 §4.2.5 of the semantics).
    var isClosing = false
    /// Whether it holds nothing any more: it is closed, or its connection is gone.
    var isReleased = false
    /// The earliest deadline that the broker has noted for it.
    var notedDeadline = Instant.never
    /// What an empty queue name means: the queue that was declared last on this channel.
    var lastQueue = ""
    private var lastDeliveryTag: UInt64 = 0
    var unacked = UnackedMessages()
    /// Unacknowledged deliveries to consumers, without those to `basic.get`, which no prefetch limits.
    var unackedByConsumersCount = 0
    /// `basic.qos` with `global`: how many deliveries all consumers together may have unacknowledged; 0 = any number.
    var prefetchMax = 0
    /// `basic.qos` without `global`: the limit of each consumer that begins from now on; 0 = none.
    var prefetchOfConsumersMax = 0
    var consumers: [ExactText: Consumer] = [:]
    /// Consumers that could not take a message when their turn came.
    var parked: [Consumer] = []
    /// Where the last publish went.
    var lastRoute: Route?
    /// The consumer of `amq.rabbitmq.reply-to`, if there is one.
    var directReply: DirectReply?

    init(number: UInt16, connection: BrokerConnection) {
        self.number = number
        self.connection = connection
    }

    /// The tag of the next delivery.
    func nextDeliveryTag() -> UInt64 {
        lastDeliveryTag += 1
        return lastDeliveryTag
    }

    /// A delivery does not go out: the next one gets its tag, unless one after it has gone out.
    func takeBack(deliveryTag: UInt64) {
        if lastDeliveryTag == deliveryTag { lastDeliveryTag -= 1 }
    }
}

/// The way of a publish that went by its routing key alone, for as long as nothing changes in its vhost.
struct Route {
    let exchange: Exchange
    let routingKey: String
    let queues: [Queue]
    let changes: UInt64
}

/// The consumer of direct replies on a channel (RabbitMQ's `amq.rabbitmq.reply-to`).
struct DirectReply {
    let consumerTag: String
    /// The name that requests of this channel carry as `reply_to`.
    let address: String
}
