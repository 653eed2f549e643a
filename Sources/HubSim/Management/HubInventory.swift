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
    package var consumers: [Consumer]
    /// In the order of the snapshot's connections.
    package var connectionDetails: [ConnectionDetails]
    /// In the order of each connection's channels in the snapshot.
    package var channelDetails: [[ChannelDetails]]
}

extension HubInventory {
    init(_ broker: borrowing Broker, _ doors: [ConnectionID: any Door], at now: Instant) {
        snapshot = HubSnapshot(broker, doors, at: now)
        counters = broker.counters
        let hosts = broker.hosts.values.sorted(byOctetsOf: \.name)
        virtualHosts = hosts.map(\.name)
        let queues = hosts.flatMap { $0.queues.values.sorted(byOctetsOf: \.name) }
        queueDetails = queues.map { queue in
            QueueDetails(
                counters: queue.counters,
                readyBodyBytes: queue.ready.bodyBytes,
                memoryBytes: queue.ready.bytes + queue.unackedBytes,
                owner: queue.owner?.rawValue
            )
        }
        consumers = queues.flatMap { queue in
            queue.consumers.all.map { consumer in
                Consumer(
                    vhost: queue.host.name,
                    queue: queue.name,
                    tag: consumer.tag,
                    connection: consumer.channel.connection.id.rawValue,
                    channel: consumer.channel.number,
                    isNoAck: consumer.isNoAck,
                    isExclusive: consumer.isExclusive,
                    isActive: queue.consumers.single.map { $0 === consumer } ?? true,
                    prefetchMax: consumer.prefetchMax,
                    unackedCount: consumer.unackedCount,
                    arguments: consumer.arguments
                )
            }
        }
        let wallStartMs = broker.configuration.wallSecondsAtStart * 1000
        let connections = broker.connections.values.sorted { $0.id.rawValue < $1.id.rawValue }
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
