import AMQP
import ConformanceChecks
import FaultPlan
import HubSim

/// A simulated hub of this process from the inside.
public struct HubSimInside: HubInside {
    private let hub: HubSim
    private let refused: @Sendable () -> [String]

    /// - Parameter refusals: what the hub refused its clients so far, as its log tells it.
    public init(hub: HubSim, refusals: @escaping @Sendable () -> [String] = { [] }) {
        self.hub = hub
        refused = refusals
    }

    public func refusals() async -> [String] { refused() }

    public func bindings(of queue: String, to exchange: String) async -> [String] {
        hub.snapshot().bindings.filter { $0.isToQueue && $0.destination == queue && $0.source == exchange }
            .map(\.routingKey).sorted()
    }

    public func unacknowledged(in queue: String) async -> Int { hub.queue(queue)?.unackedCount ?? 0 }

    public func ready(in queue: String) async -> Int { hub.queue(queue)?.readyCount ?? 0 }

    public func prefetches(of queue: String) async -> [Int] {
        hub.queue(queue)?.consumers.map(\.prefetchMax) ?? []
    }

    public func holdConfirms(of publications: HubPublications, ms: Int) async {
        arm(match(publications), FaultSpecification(.delayConfirm, FaultParameters(ms: ms)))
    }

    public func refuse(_ publications: HubPublications, count: Int) async {
        arm(match(publications), FaultSpecification(.nackPublish), count: count)
    }

    public func refuseConnections(count: Int) async {
        arm(FaultMatch(), FaultSpecification(.refuseConnection), count: count)
    }

    public func endTrouble() { hub.faults.armConfigured(.none) }

    private func match(_ publications: HubPublications) -> FaultMatch {
        switch publications {
        case .toQueue(let name): FaultMatch(queue: Glob(name))
        case .byKey(let key): FaultMatch(routingKey: Glob(key))
        }
    }

    private func arm(_ match: FaultMatch, _ fault: FaultSpecification, count: Int? = nil) {
        let rule = FaultRule(id: "checker", match: match, count: count, fault: fault)
        hub.faults.armConfigured(FaultPlan(seed: 0, rules: [rule]))
    }

    public func listeners(to key: String, on exchange: String) async -> [HubListener] {
        hub.queues(for: key, from: exchange).map {
            HubListener(queue: $0.name, connections: $0.consumers.map(\.connection))
        }
    }

    public func consumers(of queue: String) async -> [UInt64] {
        hub.queue(queue)?.consumers.map(\.connection) ?? []
    }

    public func cutConsumers(of queue: String, deletingIt: Bool) async {
        let consumers = hub.queue(queue)?.consumers ?? []
        // First, so that who comes back at once does not find it.
        if deletingIt { remove(queue) }
        for consumer in consumers {
            _ = hub.closeConnection(consumer.connection, reason: "CONNECTION_FORCED - cut by the checker")
        }
    }

    private func remove(_ queue: String) {
        // One that is not there already is as it should be.
        try? hub.fromBehind(vhost: "/", user: HubUser.guest.name) { channel, broker throws(ProtocolError) in
            try channel.run(.queueDelete(QueueDelete(queue: queue)), &broker)
        }
    }
}
