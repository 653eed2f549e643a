import AMQP
import Octets

/// The hub at one moment as its management shows it: the snapshot, and what only managers ask for.
package struct HubInventory: Sendable {
    /// A queue's own numbers, beside what the snapshot tells.
    package struct QueueDetails: Sendable {
        package var counters: QueueCounters
        /// Bytes of the bodies of ready messages.
        package var readyBodyBytes: Int
        /// Bytes that its messages hold in memory, unacknowledged ones included.
        package var memoryBytes: Int
        /// The connection that it goes with, where it is exclusive.
        package var owner: UInt64?
        /// Which of the inventory's consumers are its own.
        package var consumers: Range<Int>
        /// The policy that holds for it.
        package var policy: PolicyDetails?
    }

    /// An exchange's own facts, beside what the snapshot tells.
    package struct ExchangeDetails: Sendable {
        /// The name of the policy that holds for it.
        package var policy: String?
    }

    /// A consumer, and where it is.
    package struct Consumer: Sendable, Hashable {
        package var vhost: String
        package var queue: String
        package var tag: String
        package var connection: UInt64
        package var channel: UInt16
        package var isNoAck: Bool
        package var isExclusive: Bool
        /// Whether it is served; false for one that waits behind a single active consumer.
        package var isActive: Bool
        package var prefetchMax: Int
        package var unackedCount: Int
        package var arguments: FieldTable
    }

    /// A connection's own facts, beside what the snapshot tells.
    package struct ConnectionDetails: Sendable {
        /// The SASL mechanism that its client logged in by; empty in-process.
        package var mechanism: String
        /// Milliseconds since 1970.
        package var openedAtMs: Int64
    }

    /// A channel's own facts, beside what the snapshot tells.
    package struct ChannelDetails: Sendable {
        package var uncommittedPublishes = 0
        package var uncommittedSettlements = 0
    }

    package var snapshot: HubSnapshot
    package var counters: BrokerCounters
    package var virtualHosts: [String]
    /// In the order of the snapshot's queues.
    package var queueDetails: [QueueDetails]
    /// In the order of the snapshot's exchanges.
    package var exchangeDetails: [ExchangeDetails]
    /// In the order of their queues.
    package var consumers: [Consumer]
    /// In the order of the snapshot's connections.
    package var connectionDetails: [ConnectionDetails]
    /// In the order of each connection's channels in the snapshot.
    package var channelDetails: [[ChannelDetails]]
    /// Of each vhost in order, the highest priority first.
    package var policies: [PolicyDetails]
}

extension HubInventory {
    /// Everything.
    init(_ broker: borrowing Broker, _ doors: [ConnectionID: any Door], at now: Instant) {
        let hosts = broker.hosts.values.sorted(byOctetsOf: \.name)
        self.init(
            HubSnapshot(broker, doors, at: now),
            broker,
            // In the orders of the snapshot.
            queues: hosts.flatMap { $0.queues.values.sorted(byOctetsOf: \.name) },
            exchanges: hosts.flatMap { host in
                host.exchanges.values.sorted(byOctetsOf: \.name).map { ($0, host) }
            },
            connections: broker.connections.values.sorted { $0.id.rawValue < $1.id.rawValue }
        )
        virtualHosts = hosts.map(\.name)
        policies = hosts.flatMap { $0.policies.all.map(PolicyDetails.init) }
    }

    /// One queue, its consumers, and the connections of those and of its owner.
    init(
        of queue: Queue,
        _ broker: borrowing Broker,
        _ doors: [ConnectionID: any Door],
        at now: Instant
    ) {
        let ids = Set(queue.consumers.all.map(\.channel.connection.id) + (queue.owner.map { [$0] } ?? []))
        let connections = ids.compactMap { broker.connections[$0] }.sorted { $0.id.rawValue < $1.id.rawValue }
        var snapshot = HubSnapshot(sumsOf: broker, at: now)
        snapshot.queues = [QueueSnapshot(queue)]
        snapshot.connections = connections.map { ConnectionSnapshot($0, doors[$0.id]?.traffic ?? Traffic()) }
        self.init(snapshot, broker, queues: [queue], exchanges: [], connections: connections)
    }

    /// One exchange.
    init(of exchange: Exchange, _ host: VirtualHost, _ broker: borrowing Broker, at now: Instant) {
        var snapshot = HubSnapshot(sumsOf: broker, at: now)
        snapshot.exchanges = [ExchangeSnapshot(exchange, host)]
        self.init(snapshot, broker, queues: [], exchanges: [(exchange, host)], connections: [])
    }

    private init(
        _ snapshot: HubSnapshot,
        _ broker: borrowing Broker,
        queues: [Queue],
        exchanges: [(Exchange, VirtualHost)],
        connections: [BrokerConnection]
    ) {
        self.snapshot = snapshot
        counters = broker.counters
        virtualHosts = []
        policies = []
        queueDetails = []
        consumers = []
        for queue in queues {
            let first = consumers.count
            consumers += queue.consumers.all.map { Consumer($0, of: queue) }
            queueDetails.append(
                QueueDetails(
                    counters: queue.counters,
                    readyBodyBytes: queue.ready.bodyBytes,
                    memoryBytes: queue.ready.bytes + queue.unackedBytes,
                    owner: queue.owner?.rawValue,
                    consumers: first..<consumers.count,
                    policy: queue.host.policy(forQueue: queue.name, queue.arguments).map(PolicyDetails.init)
                )
            )
        }
        exchangeDetails = exchanges.map { exchange, host in
            ExchangeDetails(policy: host.policies.forExchange(exchange.name)?.name)
        }
        let wallStartMs = broker.configuration.wallSecondsAtStart * 1000
        connectionDetails = connections.map { connection in
            ConnectionDetails(
                mechanism: connection.profile.mechanism,
                openedAtMs: wallStartMs + connection.openedAt.microseconds / 1000
            )
        }
        channelDetails = connections.map { connection in
            connection.channels.values.sorted { $0.number < $1.number }.map { ChannelDetails($0) }
        }
    }
}

/// The queue's own, beside the inventory's.
private typealias QueuedConsumer = Consumer

extension HubInventory.Consumer {
    fileprivate init(_ consumer: QueuedConsumer, of queue: Queue) {
        vhost = queue.host.name
        self.queue = queue.name
        tag = consumer.tag
        connection = consumer.channel.connection.id.rawValue
        channel = consumer.channel.number
        isNoAck = consumer.isNoAck
        isExclusive = consumer.isExclusive
        isActive = queue.consumers.single.map { $0 === consumer } ?? true
        prefetchMax = consumer.prefetchMax
        unackedCount = consumer.unackedCount
        arguments = consumer.arguments
    }
}

extension HubInventory.ChannelDetails {
    fileprivate init(_ channel: BrokerChannel) {
        guard case .transactional(let transaction) = channel.mode else { return }
        uncommittedPublishes = transaction.publishes.count
        uncommittedSettlements = transaction.settledCount
    }
}

extension HubInventory {
    /// The bindings that nobody makes: every queue is bound to the default exchange by its name.
    package var bindingsToDefault: [BindingSnapshot] {
        snapshot.queues.map { queue in
            BindingSnapshot(
                vhost: queue.vhost,
                source: "",
                destination: queue.name,
                isToQueue: true,
                routingKey: queue.name,
                arguments: [:]
            )
        }
    }
}
