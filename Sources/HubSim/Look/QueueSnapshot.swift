import AMQP

/// A queue at one moment.
public struct QueueSnapshot: Sendable, Hashable {
    public var vhost: String
    public var name: String
    public var isDurable: Bool
    public var isAutoDelete: Bool
    public var isExclusive: Bool
    public var arguments: FieldTable
    /// Messages that wait for a consumer.
    public var readyCount: Int
    /// Messages that were delivered and wait for an acknowledgement.
    public var unackedCount: Int
    public var consumerCount: Int
    /// In the order in which they are served.
    public var consumers: [ConsumerSnapshot]
    /// What its messages cost in memory, unacknowledged ones included.
    public var messageBytes: Int
    /// Since it was declared.
    public var publishedCount: UInt64
    public var deliveredCount: UInt64
    public var acknowledgedCount: UInt64
    public var redeliveredCount: UInt64
    /// Expired, rejected, or without room.
    public var droppedCount: UInt64
}

extension QueueSnapshot {
    init(_ queue: Queue) {
        vhost = queue.host.name
        name = queue.name
        isDurable = queue.isDurable
        isAutoDelete = queue.isAutoDelete
        isExclusive = queue.owner != nil
        arguments = queue.arguments
        readyCount = queue.ready.count
        unackedCount = queue.unackedCount
        consumerCount = queue.consumers.count
        consumers = queue.consumers.all.map(ConsumerSnapshot.init)
        messageBytes = queue.ready.bytes + queue.unackedBytes
        publishedCount = queue.counters.published
        deliveredCount = queue.counters.delivered
        acknowledgedCount = queue.counters.acknowledged
        redeliveredCount = queue.counters.redelivered
        droppedCount = queue.counters.dropped
    }
}
