import Octets

/// A state of the hub that a test or a program can wait for.
///
/// It is looked at after every single command of a client, so none that held is missed, however soon it has passed.
///
///     try await hub.expect(.consumers(on: "storage_service", atLeast: 1), within: .seconds(5))
public enum HubCondition: Sendable {
    /// The queue is there.
    case queue(String, vhost: String = "/")
    /// The exchange is there.
    case exchange(String, vhost: String = "/")
    /// The queue is bound to the exchange by this key.
    case bound(queue: String, exchange: String, routingKey: String, vhost: String = "/")
    /// So many consumers, at least, are on the queue. A queue that is not there has none, here and in what follows.
    case consumers(on: String, atLeast: Int, vhost: String = "/")
    /// So many messages, at least, are ready in the queue.
    case ready(in: String, atLeast: Int, vhost: String = "/")
    /// So many messages, at least, were delivered from the queue and wait for an acknowledgement.
    case unacknowledged(from: String, atLeast: Int, vhost: String = "/")
    /// So many messages of the queue, at least, have been acknowledged since it was declared.
    case acknowledged(from: String, atLeast: Int, vhost: String = "/")
    /// So many messages, at least, have been put into the queue since it was declared.
    case published(to: String, atLeast: Int, vhost: String = "/")
    /// Nothing is in the queue, neither ready nor unacknowledged. A queue that is not there has nothing in it.
    case empty(String, vhost: String = "/")
    /// A consumer of this tag is on the queue.
    case consumer(String, on: String, vhost: String = "/")
    /// So many messages, at least, were published to no queue and given back since the hub began.
    case returned(atLeast: Int)
    /// Exactly so many connections are open.
    case connections(Int)
    /// A connection of this name is open.
    case connection(named: String)
    /// So many channels, at least, were closed on their clients with this reply code since the hub began.
    case channelClosed(code: Int, atLeast: Int = 1)
    /// So many connections, at least, were closed on their clients with this reply code since the hub began.
    case connectionClosed(code: Int, atLeast: Int = 1)
    /// Whatever can be seen. It is asked after everything that one read of a socket brings, on whichever thread made it,
    /// so it should be quick; it may look into the hub, but not wait for it. What passes within one read it does not
    /// see; counters, such as `publishedCount`, miss nothing.
    case snapshot(@Sendable (HubSnapshot) -> Bool)

    /// What a look at the broker decides.
    enum Verdict {
        case decided(Bool)
        /// The one who waits decides, by this.
        case asked(@Sendable (HubSnapshot) -> Bool, HubSnapshot)
    }

    func verdict(on broker: borrowing Broker, _ doors: [ConnectionID: any Door], at now: Instant) -> Verdict {
        if case .snapshot(let predicate) = self { return .asked(predicate, HubSnapshot(broker, doors, at: now)) }
        return .decided(holds(for: broker))
    }

    /// Whether it holds at this moment; what a predicate would say is not asked.
    func holds(for broker: borrowing Broker) -> Bool {
        switch self {
        case .queue(let name, let host): broker.queue(name, host) != nil
        case .exchange(let name, let host): broker.hosts[host]?.exchanges[name] != nil
        case .bound(let queue, let exchange, let routingKey, let host):
            broker.hosts[host]?.exchanges[exchange]?.bindings.keys.contains {
                $0.destination == .queue(ExactText(queue)) && $0.routingKey == ExactText(routingKey)
            } ?? false
        case .consumers(let name, let count, let host):
            broker.queue(name, host).map { $0.consumers.count >= count } ?? (count <= 0)
        case .ready(let name, let count, let host):
            broker.queue(name, host).map { $0.ready.count >= count } ?? (count <= 0)
        case .unacknowledged(let name, let count, let host):
            broker.queue(name, host).map { $0.unackedCount >= count } ?? (count <= 0)
        case .acknowledged(let name, let count, let host):
            broker.queue(name, host).map { $0.counters.acknowledged >= count } ?? (count <= 0)
        case .published(let name, let count, let host):
            broker.queue(name, host).map { $0.counters.published >= count } ?? (count <= 0)
        case .empty(let name, let host):
            broker.queue(name, host).map { $0.ready.isEmpty && $0.unackedCount == 0 } ?? true
        case .consumer(let tag, let name, let host):
            broker.queue(name, host)?.consumers.all.contains { $0.tag.isExactly(tag) } ?? false
        case .returned(let count): broker.counters.returned >= count
        case .connections(let count): broker.connections.count == count
        case .connection(let name): broker.connections.values.contains { $0.profile.name.isExactly(name) }
        case .channelClosed(let code, let count): broker.counters.channelsClosed[code, default: 0] >= count
        case .connectionClosed(let code, let count): broker.counters.connectionsClosed[code, default: 0] >= count
        case .snapshot: false  // Whoever waits decides.
        }
    }
}

extension Broker {
    /// A queue of a vhost.
    func queue(_ name: String, _ host: String) -> Queue? { hosts[host]?.queues[name] }
}
