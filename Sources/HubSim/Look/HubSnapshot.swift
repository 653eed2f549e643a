import AMQP
import Octets

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

    /// Who holds what unacknowledged, oldest delivery of each channel first; `unackedMax` of them at most, so that looking
    /// stays quick. The counts of queues and channels are always whole.
    public var unacked: [UnackedSnapshot]
    public var counters: HubCounters
    /// Since the hub began.
    public var time: Duration

    /// How many unacknowledged deliveries a snapshot tells of.
    public static let unackedMax = 1000

    /// A queue of the vhost `/`, or another.
    public func queue(_ name: String, vhost: String = "/") -> QueueSnapshot? {
        queues.first { $0.name.isExactly(name) && $0.vhost.isExactly(vhost) }
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
    public enum State: String, Sendable, Hashable {
        case running
        /// It publishes, memory is short, and it is not read from.
        case blocked
        /// It does not take what it is sent, and its consumers wait.
        case congested
    }

    public var id: UInt64
    public var name: String
    public var user: String
    public var vhost: String
    /// Both addresses, `client -> hub`; nil in-process.
    public var peer: String?
    public var isInProcess: Bool { peer == nil }
    /// `AMQP 0-9-1`, or `in-process`.
    public var protocolName: String { peer == nil ? "in-process" : "AMQP 0-9-1" }
    public var isTLS: Bool
    /// What its client said of itself.
    public var clientProperties: FieldTable
    /// Since the hub began.
    public var connectedAt: Duration
    /// As agreed; 0: no heartbeats.
    public var heartbeatSeconds: UInt16
    /// As agreed; 0: no limit.
    public var frameBytesMax: UInt32
    public var channelMax: UInt16
    /// On its socket, before TLS; 0 in-process.
    public var receivedBytes: UInt64
    public var sentBytes: UInt64
    public var state: State
    public var isBlocked: Bool { state == .blocked }
    public var channels: [ChannelSnapshot]
}

/// A channel at one moment.
public struct ChannelSnapshot: Sendable, Hashable {
    public var number: UInt16
    public var consumerTags: [String]
    public var unackedCount: Int
    public var isConfirming: Bool
    public var isTransactional: Bool
    /// `basic.qos` of the whole channel, and of each consumer that begins from now on; 0: no limit.
    public var prefetchMax: Int
    public var prefetchOfConsumersMax: Int
}

extension HubSnapshot {
    init(_ broker: borrowing Broker, _ doors: [ConnectionID: any Door] = [:], at now: Instant? = nil) {
        time = (now ?? broker.now).sinceStart
        counters = HubCounters(broker.counters)
        unacked = Array(
            broker.connections.values.sorted { $0.id.rawValue < $1.id.rawValue }.lazy
                .flatMap { $0.channels.values.sorted { $0.number < $1.number } }
                .flatMap { channel in channel.unacked.all.lazy.map { UnackedSnapshot($0, channel) } }
                .prefix(Self.unackedMax)
        )
        let hosts = broker.hosts.values.sorted(byOctetsOf: \.name)
        queues = hosts.flatMap { $0.queues.values.sorted(byOctetsOf: \.name).map(QueueSnapshot.init) }
        exchanges = hosts.flatMap { host in
            host.exchanges.values.sorted(byOctetsOf: \.name).map { ExchangeSnapshot($0, host) }
        }
        bindings = hosts.flatMap { host in
            host.exchanges.values.sorted(byOctetsOf: \.name).flatMap { exchange in
                exchange.bindings.keys.map { BindingSnapshot($0, exchange, host) }
                    .sorted {
                        (ExactText($0.destination), ExactText($0.routingKey)) < (
                            ExactText($1.destination), ExactText($1.routingKey)
                        )
                    }
            }
        }
        connections = broker.connections.values.sorted { $0.id.rawValue < $1.id.rawValue }.map {
            ConnectionSnapshot($0, doors[$0.id]?.traffic ?? Traffic())
        }
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
        consumers = queue.consumers.all.map(ConsumerSnapshot.init)
        messageBytes = queue.ready.bytes + queue.unackedBytes
        publishedCount = queue.counters.published
        deliveredCount = queue.counters.delivered
        acknowledgedCount = queue.counters.acknowledged
        redeliveredCount = queue.counters.redelivered
        droppedCount = queue.counters.dropped
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
        case .queue(let name): (destination, isToQueue) = (name.text, true)
        case .exchange(let name): (destination, isToQueue) = (name.text, false)
        }
        routingKey = key.routingKey.text
        arguments = key.arguments
    }
}

extension ConnectionSnapshot {
    init(_ connection: BrokerConnection, _ traffic: Traffic) {
        id = connection.id.rawValue
        name = connection.profile.name
        user = connection.profile.user
        vhost = connection.profile.virtualHost
        peer = connection.profile.peer
        isTLS = connection.profile.isTLS
        clientProperties = connection.profile.clientProperties
        connectedAt = connection.openedAt.sinceStart
        heartbeatSeconds = connection.profile.heartbeatSeconds
        frameBytesMax = connection.profile.frameBytesMax
        channelMax = connection.profile.channelMax
        receivedBytes = traffic.receivedBytes
        sentBytes = traffic.sentBytes
        state = connection.isBlocked ? .blocked : connection.isCongested ? .congested : .running
        channels = connection.channels.values.sorted { $0.number < $1.number }.map(ChannelSnapshot.init)
    }
}

extension ChannelSnapshot {
    init(_ channel: BrokerChannel) {
        number = channel.number
        consumerTags = channel.consumers.keys.sorted().map(\.text)
        unackedCount = channel.unacked.count
        prefetchMax = channel.prefetchMax
        prefetchOfConsumersMax = channel.prefetchOfConsumersMax
        if case .confirming = channel.mode { isConfirming = true } else { isConfirming = false }
        if case .transactional = channel.mode { isTransactional = true } else { isTransactional = false }
    }
}
