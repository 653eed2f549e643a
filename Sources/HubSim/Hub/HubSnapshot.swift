import AMQP

/// The hub at one moment, for tests and for whoever looks in from outside.
public struct HubSnapshot: Sendable {
    public var queues: [QueueSnapshot]
    public var exchanges: [ExchangeSnapshot]
    public var bindings: [BindingSnapshot]
    public var connections: [ConnectionSnapshot]
    /// Bytes of messages in all queues, with a sum for what holding them costs.
    public var messageBytes: Int
    /// Bytes of connections, channels, consumers, exchanges, queues and bindings, roughly.
    public var definitionBytes: Int
    /// Whether publishers are blocked because memory is short.
    public var isBlocking: Bool

    /// What is unfinished, a line each: messages that nobody read or acknowledged, channels that are still open.
    public var leftovers: [String] {
        let queues = queues.filter { $0.readyCount + $0.unackedCount > 0 }.map {
            "queue '\($0.name)' in vhost '\($0.vhost)': \($0.readyCount) ready, \($0.unackedCount) unacknowledged"
        }
        let connections = connections.filter { !$0.channels.isEmpty }.map { connection in
            let unacked = connection.channels.map(\.unackedCount).reduce(0, +)
            return
                "connection '\(connection.name)': \(connection.channels.count) channels open, \(unacked) unacknowledged"
        }
        return queues + connections
    }

    /// A queue of the vhost `/`, or another.
    public func queue(_ name: String, vhost: String = "/") -> QueueSnapshot? {
        queues.first { $0.name == name && $0.vhost == vhost }
    }
}

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
    /// Since it was declared.
    public var publishedCount: UInt64
    public var deliveredCount: UInt64
    public var acknowledgedCount: UInt64
}

/// An exchange at one moment; the default one's name is empty.
public struct ExchangeSnapshot: Sendable, Hashable {
    public var vhost: String
    public var name: String
    public var kind: String
    public var isDurable: Bool
    public var isAutoDelete: Bool
    public var isInternal: Bool
    public var arguments: FieldTable
    /// Messages published to it since it was declared.
    public var publishedCount: UInt64
}

/// A binding at one moment. Those of the default exchange are not among them: every queue is bound to it by its name.
public struct BindingSnapshot: Sendable, Hashable {
    public var vhost: String
    public var source: String
    public var destination: String
    /// Whether it leads to a queue; else to an exchange.
    public var isToQueue: Bool
    public var routingKey: String
    public var arguments: FieldTable
}

/// A connection at one moment.
public struct ConnectionSnapshot: Sendable, Hashable {
    public var id: UInt64
    public var name: String
    public var user: String
    public var vhost: String
    public var isBlocked: Bool
    public var channels: [ChannelSnapshot]
}

/// A channel at one moment.
public struct ChannelSnapshot: Sendable, Hashable {
    public var number: UInt16
    public var consumerTags: [String]
    public var unackedCount: Int
    public var isConfirming: Bool
    public var isTransactional: Bool
}

extension HubSnapshot {
    init(_ broker: borrowing Broker) {
        let hosts = broker.hosts.values.sorted { $0.name < $1.name }
        queues = hosts.flatMap { $0.queues.values.sorted { $0.name < $1.name }.map(QueueSnapshot.init) }
        exchanges = hosts.flatMap { host in
            host.exchanges.values.sorted { $0.name < $1.name }.map { ExchangeSnapshot($0, host) }
        }
        bindings = hosts.flatMap { host in
            host.exchanges.values.sorted { $0.name < $1.name }.flatMap { exchange in
                exchange.bindings.keys.map { BindingSnapshot($0, exchange, host) }
                    .sorted { ($0.destination, $0.routingKey) < ($1.destination, $1.routingKey) }
            }
        }
        connections = broker.connections.values.sorted { $0.id.rawValue < $1.id.rawValue }.map(ConnectionSnapshot.init)
        messageBytes = broker.memory.messageBytes
        definitionBytes = broker.memory.definitionBytes
        isBlocking = broker.isBlocking
    }
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
        publishedCount = queue.counters.published
        deliveredCount = queue.counters.delivered
        acknowledgedCount = queue.counters.acknowledged
    }
}

extension ExchangeSnapshot {
    init(_ exchange: Exchange, _ host: VirtualHost) {
        vhost = host.name
        name = exchange.name
        kind = exchange.kind.rawValue
        isDurable = exchange.isDurable
        isAutoDelete = exchange.isAutoDelete
        isInternal = exchange.isInternal
        arguments = exchange.arguments
        publishedCount = exchange.publishedCount
    }
}

extension BindingSnapshot {
    init(_ key: BindingKey, _ exchange: Exchange, _ host: VirtualHost) {
        vhost = host.name
        source = exchange.name
        switch key.destination {
        case .queue(let name): (destination, isToQueue) = (name, true)
        case .exchange(let name): (destination, isToQueue) = (name, false)
        }
        routingKey = key.routingKey
        arguments = key.arguments
    }
}

extension ConnectionSnapshot {
    init(_ connection: BrokerConnection) {
        id = connection.id.rawValue
        name = connection.profile.name
        user = connection.profile.user
        vhost = connection.profile.virtualHost
        isBlocked = connection.isBlocked
        channels = connection.channels.values.sorted { $0.number < $1.number }.map(ChannelSnapshot.init)
    }
}

extension ChannelSnapshot {
    init(_ channel: BrokerChannel) {
        number = channel.number
        consumerTags = channel.consumers.keys.sorted()
        unackedCount = channel.unacked.count
        if case .confirming = channel.mode { isConfirming = true } else { isConfirming = false }
        if case .transactional = channel.mode { isTransactional = true } else { isTransactional = false }
    }
}
