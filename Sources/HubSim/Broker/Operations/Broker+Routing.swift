import AMQP

/// From an exchange to queues: bindings, exchanges bound to exchanges, alternate exchanges.
extension Broker {
    /// The queues of a published message, each once. `BCC` is taken out of the message on the way, for nobody may see it.
    mutating func route(
        _ message: inout Message,
        _ additionalKeys: [String],
        from exchange: Exchange,
        in host: VirtualHost
    ) -> [Queue] {
        guard additionalKeys.isEmpty else {
            let keys = [message.routingKey] + additionalKeys
            let queues = search(from: exchange, keys: keys, headers: message.properties.headers, in: host).queues
            var properties = message.properties
            properties.headers?["BCC"] = nil
            message = message.with(properties: properties, additionalKeys: additionalKeys)
            return queues
        }
        return queues(for: message, from: exchange, in: host)
    }

    /// The queues for a message by its own routing key and headers.
    mutating func queues(for message: Message, from exchange: Exchange, in host: VirtualHost) -> [Queue] {
        let key = message.routingKey
        if exchange.isDefault { return host.queues[key].map { [$0] } ?? [] }
        if let known = exchange.routes.queues(for: key, generation: host.generation) { return known }
        let found = search(from: exchange, keys: [key], headers: message.properties.headers, in: host)
        if !found.dependsOnHeaders {
            exchange.routes.learn(
                found.queues,
                for: key,
                generation: host.generation,
                routesMax: limits.routesCachedMax
            )
        }
        return found.queues
    }

    /// Walks from exchange to exchange, each visited once however they are bound.
    mutating func search(
        from exchange: Exchange,
        keys: [String],
        headers: FieldTable?,
        in host: VirtualHost
    ) -> (queues: [Queue], dependsOnHeaders: Bool) {
        searchMark += 1
        let mark = searchMark
        exchange.searchMark = mark
        var waiting = [exchange]
        var queues: [Queue] = []
        var dependsOnHeaders = false
        var destinations: [Destination] = []
        while let exchange = waiting.popLast() {
            if exchange.kind == .headers { dependsOnHeaders = true }
            destinations.removeAll(keepingCapacity: true)
            if exchange.isDefault {
                // Bindings of the default exchange are not written down: every queue is bound by its name. They may
                // come and go without a new generation, so what depends on them is not remembered.
                dependsOnHeaders = true
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
        return (queues, dependsOnHeaders)
    }
}
