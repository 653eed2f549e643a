/// A state of the hub that a test or a program can wait for.
///
///     try await hub.waitUntil(.consumers(on: "storage_service", atLeast: 1))
public enum HubCondition: Sendable {
    /// The queue is there.
    case queue(String, vhost: String = "/")
    /// The exchange is there.
    case exchange(String, vhost: String = "/")
    /// The queue is bound to the exchange by this key.
    case bound(queue: String, exchange: String, routingKey: String, vhost: String = "/")
    /// So many consumers, at least, are on the queue.
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
    /// Exactly so many connections are open.
    case connections(Int)
    /// Whatever can be seen. It is asked after every change, so it should be quick.
    case snapshot(@Sendable (HubSnapshot) -> Bool)

    func holds(for broker: borrowing Broker) -> Bool {
        switch self {
        case .queue(let name, let host): broker.queue(name, host) != nil
        case .exchange(let name, let host): broker.hosts[host]?.exchanges[name] != nil
        case .bound(let queue, let exchange, let routingKey, let host):
            broker.hosts[host]?.exchanges[exchange]?.bindings.keys.contains {
                $0.destination == .queue(queue) && $0.routingKey == routingKey
            } ?? false
        case .consumers(let name, let count, let host):
            broker.queue(name, host).map { $0.consumers.count >= count } ?? false
        case .ready(let name, let count, let host): broker.queue(name, host).map { $0.ready.count >= count } ?? false
        case .unacknowledged(let name, let count, let host):
            broker.queue(name, host).map { $0.unackedCount >= count } ?? false
        case .acknowledged(let name, let count, let host):
            broker.queue(name, host).map { $0.counters.acknowledged >= count } ?? false
        case .published(let name, let count, let host):
            broker.queue(name, host).map { $0.counters.published >= count } ?? false
        case .empty(let name, let host):
            broker.queue(name, host).map { $0.ready.isEmpty && $0.unackedCount == 0 } ?? true
        case .connections(let count): broker.connections.count == count
        case .snapshot(let condition): condition(HubSnapshot(broker))
        }
    }
}

extension Broker {
    /// A queue of a vhost.
    func queue(_ name: String, _ host: String) -> Queue? { hosts[host]?.queues[name] }
}
