import AMQP

/// A queue: messages that are ready, consumers, and how many messages are out with them. Owned by the broker; nobody
/// else may hold it.
final class Queue {
    let name: String
    let host: VirtualHost
    let isDurable: Bool
    let isAutoDelete: Bool
    /// The one connection that may use it, and with which it goes; nil where it is not exclusive.
    let owner: ConnectionID?
    var arguments: FieldTable
    let options: QueueOptions

    var ready: ReadyMessages
    var consumers: ConsumerRotation
    /// Messages that were delivered and wait for an acknowledgement.
    var unackedCount = 0
    var unackedBytes = 0
    /// The bindings that lead here.
    var inbound: Set<InboundBinding> = []
    /// Whether it ever had a consumer: only then may auto-delete delete it.
    var hadConsumer = false
    var isDeleted = false
    /// The place of the next new message.
    var nextPosition: UInt64 = 0
    /// When it was last declared, polled or without its last consumer; `x-expires` counts from there.
    var lastUsed: Instant
    /// The earliest deadline that the broker has noted for it.
    var notedDeadline = Instant.never
    /// In which search it was last found.
    var searchMark: UInt64 = 0
    var counters = QueueCounters()

    init(
        name: String,
        host: VirtualHost,
        isDurable: Bool,
        isAutoDelete: Bool,
        owner: ConnectionID?,
        arguments: FieldTable,
        options: QueueOptions,
        now: Instant
    ) {
        self.name = name
        self.host = host
        self.isDurable = isDurable
        self.isAutoDelete = isAutoDelete
        self.owner = owner
        self.arguments = arguments
        self.options = options
        ready = ReadyMessages(priorityMax: options.priorityMax)
        consumers = ConsumerRotation(isSingleActive: options.isSingleActiveConsumer)
        lastUsed = now
    }

    /// Its name as RabbitMQ writes it in reply texts.
    var title: String { host.title(queue: name) }
}

/// What has happened in a queue since it was declared.
package struct QueueCounters: Sendable, Hashable {
    package var published: UInt64 = 0
    package var delivered: UInt64 = 0
    /// Of the delivered ones, those that need no acknowledgement.
    package var deliveredNoAck: UInt64 = 0
    package var redelivered: UInt64 = 0
    package var acknowledged: UInt64 = 0
    /// Answers to `basic.get`.
    package var got: UInt64 = 0
    /// Of those, the ones that need no acknowledgement.
    package var gotNoAck: UInt64 = 0
    /// Messages that expired, did not fit, or were rejected.
    package var dropped: UInt64 = 0
}
