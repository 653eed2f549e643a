import Octets

/// A name space of exchanges and queues.
final class VirtualHost {
    let name: String
    var exchanges: [ExactText: Exchange] = [:]
    private(set) var queues: [ExactText: Queue] = [:]
    var bindingCount = 0
    /// The sizes of all exchanges' route caches.
    var routesCached = 0
    var policies = Policies()
    /// Counts every change of bindings, so that caches know when they are stale. Begins at 1: a new cache is stale.
    var generation: UInt64 = 1 {
        didSet { changes += 1 }
    }
    /// Counts every change of exchanges, bindings and queues.
    private(set) var changes: UInt64 = 1

    /// A vhost with the exchanges that every vhost has (AMQP 0-9-1 §3.1.3; `amq.rabbitmq.trace` is RabbitMQ's).
    init(name: String) {
        self.name = name
        let predeclared: [(String, ExchangeKind, isInternal: Bool)] = [
            ("", .direct, false), ("amq.direct", .direct, false), ("amq.fanout", .fanout, false),
            ("amq.topic", .topic, false), ("amq.headers", .headers, false), ("amq.match", .headers, false),
            ("amq.rabbitmq.trace", .topic, true),
        ]
        for (name, kind, isInternal) in predeclared {
            exchanges[name] = Exchange(name: name, kind: kind, isDurable: true, isInternal: isInternal)
        }
    }

    func add(_ queue: Queue) {
        queues[queue.name] = queue
        changes += 1
    }

    func removeQueue(_ name: String) {
        queues[name] = nil
        changes += 1
    }

    /// Empties the route caches of all exchanges.
    func forgetRoutes() {
        for exchange in exchanges.values { exchange.routes = RouteCache() }
        routesCached = 0
    }

    /// Lets go of everything that it holds, when the broker ends.
    func forgetAll() {
        for exchange in exchanges.values { exchange.forgetBindings() }
        for queue in queues.values { queue.consumers.removeAll() }
        queues.removeAll()
        exchanges.removeAll()
    }

    /// A queue's name as RabbitMQ writes it in reply texts.
    func title(queue: String) -> String { "queue '\(queue)' in vhost '\(name)'" }
    /// An exchange's name as RabbitMQ writes it in reply texts.
    func title(exchange: String) -> String { "exchange '\(exchange)' in vhost '\(name)'" }
}
