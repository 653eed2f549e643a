import AMQP

/// A consumer at one moment.
public struct ConsumerSnapshot: Sendable, Hashable {
    public var tag: String
    public var connection: UInt64
    public var connectionName: String
    public var channel: UInt16
    /// Whether its deliveries count as acknowledged at once.
    public var isNoAck: Bool
    public var isExclusive: Bool
    /// Higher ones are served first.
    public var priority: Int64
    /// 0: no limit.
    public var prefetchMax: Int
    public var unackedCount: Int
    public var arguments: FieldTable

    init(_ consumer: Consumer) {
        tag = consumer.tag
        connection = consumer.channel.connection.id.rawValue
        connectionName = consumer.channel.connection.profile.name
        channel = consumer.channel.number
        isNoAck = consumer.isNoAck
        isExclusive = consumer.isExclusive
        priority = consumer.priority
        prefetchMax = consumer.prefetchMax
        unackedCount = consumer.unackedCount
        arguments = consumer.arguments
    }
}
