import AMQP
import Octets

/// From an exchange to queues: bindings, exchanges bound to exchanges, alternate exchanges.
extension Broker {
    /// The way that the channel's last publish went, if this one goes the same.
    func knownRoute(of message: Message, on channel: BrokerChannel) -> Route? {
        guard let route = channel.lastRoute, route.changes == channel.connection.host.changes,
            route.routingKey.isExactly(message.routingKey), route.exchange.name.isExactly(message.exchange)
        else { return nil }
        return route
    }

    /// The queues for a published message by its routing key, each once.
    mutating func route(_ message: Message, from exchange: Exchange, on channel: BrokerChannel) -> [Queue] {
        let host = channel.connection.host
        let key = message.routingKey
        let queues: [Queue]
        if exchange.isDefault {
            queues = host.queues[key].map { [$0] } ?? []
        } else if let known = exchange.routes.queues(for: key, generation: host.generation) {
            queues = known
        } else {
            let found = search(from: exchange, keys: [key], headers: message.properties.headers, in: host)
            // What headers decide is not remembered.
            guard found.dependsOnKeyAlone else { return found.queues }
            queues = found.queues
            learn(queues, for: key, from: exchange, in: host)
        }
        // A channel remembers one route, but there may be many channels.
        guard queues.count <= 64 else { return queues }
        channel.lastRoute = Route(exchange: exchange, routingKey: key, queues: queues, changes: host.changes)
        return queues
    }

    /// Remembers a route, for as long as all exchanges together do not remember too many.
    private func learn(_ queues: [Queue], for key: String, from exchange: Exchange, in host: VirtualHost) {
        host.routesCached -= exchange.routes.size
        exchange.routes.learn(queues, for: key, generation: host.generation, routesMax: limits.routesCachedMax)
        host.routesCached += exchange.routes.size
        if host.routesCached > limits.routesCachedInAllMax { host.forgetRoutes() }
    }

    /// The queues for a message that is also copied to other routing keys. `BCC` is taken out of it on the way, for
    /// nobody may see it.
    mutating func route(
        _ message: inout Message,
        copiedTo keys: [String],
        from exchange: Exchange,
        in host: VirtualHost
    ) -> [Queue] {
        let headers = message.properties.headers
        let queues = search(from: exchange, keys: [message.routingKey] + keys, headers: headers, in: host).queues
        var properties = message.properties
        properties.headers?["BCC"] = nil
        message = message.with(properties: properties, additionalKeys: keys)
        return queues
    }

    /// Walks from exchange to exchange, each visited once however they are bound.
    mutating func search(
        from exchange: Exchange,
        keys: [String],
        headers: FieldTable?,
        in host: VirtualHost
    ) -> (queues: [Queue], dependsOnKeyAlone: Bool) {
        searchMark += 1
        let mark = searchMark
        exchange.searchMark = mark
        var waiting = [exchange]
        var queues: [Queue] = []
        var dependsOnKeyAlone = true
        var destinations: [Destination] = []
        while let exchange = waiting.popLast() {
            if exchange.kind == .headers { dependsOnKeyAlone = false }
            destinations.removeAll(keepingCapacity: true)
            if exchange.isDefault {
                // Bindings of the default exchange are not written down: every queue is bound by its name. They may
                // come and go without a new generation, so what depends on them is not remembered.
                dependsOnKeyAlone = false
                for key in keys { if let queue = host.queues[key] { destinations.append(.queue(queue)) } }
            } else {
                exchange.match(keys: keys, headers: headers, into: &destinations)
            }
            if destinations.isEmpty, let name = exchange.alternate, let alternate = host.exchanges[name],
                alternate.searchMark != mark
            {
                alternate.searchMark = mark
                waiting.append(alternate)
            }
            for destination in destinations {
                switch destination {
                case .queue(let queue) where queue.searchMark != mark:
                    queue.searchMark = mark
                    queues.append(queue)
                case .exchange(let next) where next.searchMark != mark:
                    next.searchMark = mark
                    waiting.append(next)
                case .queue, .exchange: break
                }
            }
        }
        return (queues, dependsOnKeyAlone)
    }
}
