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

extension HubSnapshot {
    /// What is told of the whole hub, and none of its parts.
    init(sumsOf broker: borrowing Broker, at now: Instant) {
        time = now.sinceStart
        counters = HubCounters(broker.counters)
        (queues, exchanges, bindings, connections, unacked) = ([], [], [], [], [])
        messageBytes = broker.memory.messageBytes
        definitionBytes = broker.memory.definitionBytes
        isBlocking = broker.isBlocking
    }

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
