import Octets

/// A condition that was waited for has not come about. Its description says what was missing and how the hub stood.
public struct HubExpectationError: Error, Sendable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        case timeLimit(Duration)
        /// The hub was shut down, or the task that waited was cancelled.
        case ended
    }

    public let condition: HubCondition
    public let reason: Reason
    /// The hub when the waiting ended.
    public let snapshot: HubSnapshot

    public var description: String {
        let time =
            switch reason {
            case .timeLimit(let limit): "within \(limit)"
            case .ended: "before the hub or the task ended"
            }
        return "not \(time): \(condition)\n"
            + condition.relevant(in: snapshot).map { "  \($0)" }.joined(separator: "\n")
    }
}

extension HubCondition: CustomStringConvertible {
    /// What is wanted, as a sentence without its end.
    public var description: String {
        switch self {
        case .queue(let name, let host): "queue '\(name)' in vhost '\(host)'"
        case .exchange(let name, let host): "exchange '\(name)' in vhost '\(host)'"
        case .bound(let queue, let exchange, let key, let host):
            "queue '\(queue)' bound to exchange '\(exchange)' by '\(key)' in vhost '\(host)'"
        case .consumers(let queue, let count, let host): "\(count) consumers on queue '\(queue)' in vhost '\(host)'"
        case .consumer(let tag, let queue, let host): "consumer '\(tag)' on queue '\(queue)' in vhost '\(host)'"
        case .ready(let queue, let count, let host): "\(count) ready in queue '\(queue)' in vhost '\(host)'"
        case .unacknowledged(let queue, let count, let host):
            "\(count) unacknowledged from queue '\(queue)' in vhost '\(host)'"
        case .acknowledged(let queue, let count, let host):
            "\(count) acknowledged from queue '\(queue)' in vhost '\(host)'"
        case .published(let queue, let count, let host): "\(count) published to queue '\(queue)' in vhost '\(host)'"
        case .empty(let queue, let host): "nothing in queue '\(queue)' in vhost '\(host)'"
        case .returned(let count): "\(count) messages returned"
        case .connections(let count): "exactly \(count) connections"
        case .connection(let name): "a connection named '\(name)'"
        case .channelClosed(let code, let count): "\(count) channels closed with \(code)"
        case .connectionClosed(let code, let count): "\(count) connections closed with \(code)"
        case .snapshot: "a condition of the whole hub"
        }
    }

    /// What of a snapshot somebody wants to know who has waited for this in vain.
    func relevant(in hub: HubSnapshot) -> [String] {
        switch self {
        case .queue(let name, let host), .consumers(let name, _, let host), .consumer(_, let name, let host),
            .ready(let name, _, let host), .unacknowledged(let name, _, let host), .acknowledged(let name, _, let host),
            .published(let name, _, let host), .empty(let name, let host), .bound(let name, _, _, let host):
            hub.lines(queue: name, vhost: host)
        case .exchange(_, let host):
            [
                "exchanges: \(Self.list(hub.exchanges.filter { $0.vhost.isExactly(host) && !$0.name.isEmpty }.map(\.name)))"
            ]
        case .returned, .channelClosed, .connectionClosed: [hub.counters.line]
        case .connections, .connection: hub.connectionLines
        case .snapshot:
            hub.queues.prefix(20).flatMap { hub.lines(queue: $0.name, vhost: $0.vhost) } + hub.connectionLines
                + [hub.counters.line]
        }
    }

    fileprivate static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}

extension HubSnapshot {
    fileprivate func lines(queue name: String, vhost: String) -> [String] {
        guard let queue = queue(name, vhost: vhost) else {
            let others = queues.filter { $0.vhost.isExactly(vhost) }.map(\.name)
            return ["there is no queue '\(name)' in vhost '\(vhost)'; queues there: \(HubCondition.list(others))"]
        }
        let bindings = bindings.filter { $0.vhost.isExactly(vhost) && $0.isToQueue && $0.destination.isExactly(name) }
        return [
            "queue '\(name)': \(queue.readyCount) ready, \(queue.unackedCount) unacknowledged, \(queue.consumerCount) consumers;"
                + " so far \(queue.publishedCount) published, \(queue.deliveredCount) delivered,"
                + " \(queue.acknowledgedCount) acknowledged, \(queue.droppedCount) dropped"
        ]
            + bindings.prefix(20).map { "bound to exchange '\($0.source)' by '\($0.routingKey)'" }
            + queue.consumers.prefix(20).map {
                "consumer '\($0.tag)' of connection '\($0.connectionName)', channel \($0.channel), prefetch"
                    + " \($0.prefetchMax): \($0.unackedCount) unacknowledged"
            }
            + unacked.filter { $0.queue.isExactly(name) && $0.vhost.isExactly(vhost) }.prefix(20).map {
                "unacknowledged \($0)"
            }
    }

    fileprivate var connectionLines: [String] {
        guard !connections.isEmpty else { return ["there are no connections"] }
        return connections.prefix(20).map {
            "connection '\($0.name)' of '\($0.user)' in vhost '\($0.vhost)': \($0.state.rawValue), \($0.channels.count) channels"
        } + (connections.count > 20 ? ["… \(connections.count) connections in all"] : [])
    }
}

extension HubCounters {
    fileprivate var line: String {
        func codes(_ counts: [Int: Int]) -> String {
            counts.isEmpty
                ? "none"
                : counts.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }.joined(separator: ", ")
        }
        return "so far \(published) published, \(returned) returned, \(unroutable) unroutable; channels closed:"
            + " \(codes(channelsClosed)); connections closed: \(codes(connectionsClosed))"
    }
}
