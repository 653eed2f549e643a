import AMQP
import Octets

/// Bindings to queues and between exchanges (AMQP 0-9-1 §1.7; `exchange.bind` is RabbitMQ's).
extension Broker {
    mutating func bind(_ bind: QueueBind, on channel: BrokerChannel) throws(ProtocolError) {
        let name = try queueName(bind.queue, on: channel)
        // A binding without queue and key means the last queue by its own name.
        let routingKey = bind.routingKey.isEmpty && bind.queue.isEmpty ? name : bind.routingKey
        let host = channel.connection.host
        try permit(.write, queue: name, on: channel)
        try refuseDefault(bind.exchange)
        try permit(.read, exchange: bind.exchange, on: channel)
        try permitTopic(routingKey, of: bind.exchange, on: channel)
        let queue = host.queues[name]
        if let queue { try requireAccess(to: queue, on: channel) }
        let source = try endpoints(bind.exchange, queue.map(Destination.queue), host.title(queue: name), in: host)
        try add(source.exchange, source.destination, routingKey, bind.arguments, in: host)
        if !bind.noWait { reply(.queueBindOk, on: channel) }
    }

    mutating func unbind(_ unbind: QueueUnbind, on channel: BrokerChannel) throws(ProtocolError) {
        let name = try queueName(unbind.queue, on: channel)
        let routingKey = unbind.routingKey.isEmpty && unbind.queue.isEmpty ? name : unbind.routingKey
        let host = channel.connection.host
        try permit(.write, queue: name, on: channel)
        try refuseDefault(unbind.exchange)
        try permit(.read, exchange: unbind.exchange, on: channel)
        try permitTopic(routingKey, of: unbind.exchange, on: channel)
        let key = BindingKey(
            destination: .queue(ExactText(name)),
            routingKey: ExactText(routingKey),
            arguments: unbind.arguments
        )
        // RabbitMQ looks whose queue it is only when there is something to remove.
        if let queue = host.queues[name], host.exchanges[unbind.exchange]?.bindings[key] != nil {
            try requireAccess(to: queue, on: channel)
        }
        remove(key, unbind.exchange, in: host)
        reply(.queueUnbindOk, on: channel)
    }

    mutating func bind(_ bind: ExchangeBind, on channel: BrokerChannel) throws(ProtocolError) {
        let host = channel.connection.host
        try permit(.write, exchange: bind.destination, on: channel)
        try refuseDefault(bind.destination)
        try refuseDefault(bind.source)
        try permit(.read, exchange: bind.source, on: channel)
        try permitTopic(bind.routingKey, of: bind.source, on: channel)
        let destination = host.exchanges[bind.destination].map(Destination.exchange)
        let source = try endpoints(bind.source, destination, host.title(exchange: bind.destination), in: host)
        try add(source.exchange, source.destination, bind.routingKey, bind.arguments, in: host)
        if !bind.noWait { reply(.exchangeBindOk, on: channel) }
    }

    mutating func unbind(_ unbind: ExchangeUnbind, on channel: BrokerChannel) throws(ProtocolError) {
        let host = channel.connection.host
        try permit(.write, exchange: unbind.destination, on: channel)
        try refuseDefault(unbind.destination)
        try refuseDefault(unbind.source)
        try permit(.read, exchange: unbind.source, on: channel)
        try permitTopic(unbind.routingKey, of: unbind.source, on: channel)
        let key = BindingKey(
            destination: .exchange(ExactText(unbind.destination)),
            routingKey: ExactText(unbind.routingKey),
            arguments: unbind.arguments
        )
        remove(key, unbind.source, in: host)
        if !unbind.noWait { reply(.exchangeUnbindOk, on: channel) }
    }

    private func permitTopic(_ key: String, of source: String, on channel: BrokerChannel) throws(ProtocolError) {
        guard let exchange = channel.connection.host.exchanges[source] else { return }
        try permit(.read, topic: key, of: exchange, on: channel)
    }

    /// Both ends of a binding, which must be there.
    private func endpoints(
        _ source: String,
        _ destination: Destination?,
        _ title: String,
        in host: VirtualHost
    ) throws(ProtocolError) -> (exchange: Exchange, destination: Destination) {
        guard let exchange = host.exchanges[source] else {
            throw ProtocolError(.notFound, "no \(host.title(exchange: source))")
        }
        guard let destination else { throw ProtocolError(.notFound, "no \(title)") }
        return (exchange, destination)
    }

    mutating func add(
        _ exchange: Exchange,
        _ destination: Destination,
        _ routingKey: String,
        _ arguments: FieldTable,
        in host: VirtualHost,
        isLimited: Bool = true
    ) throws(ProtocolError) {
        if exchange.kind == .headers { try checkHeadersPattern(arguments) }
        guard !isLimited || host.bindingCount < limits.bindingsMax else {
            throw ProtocolError(
                .preconditionFailed,
                "binding limit in vhost '\(host.name)' (\(limits.bindingsMax)) is reached"
            )
        }
        let key = BindingKey(destination: destination.key, routingKey: ExactText(routingKey), arguments: arguments)
        guard exchange.bindings[key] == nil else { return }
        let cost = DefinitionCost.binding(key, kind: exchange.kind)
        try requireRoom(cost)
        memory.definitionBytes += cost
        exchange.add(Binding(key: key, destination: destination))
        host.bindingCount += 1
        host.generation += 1
        let inbound = InboundBinding(source: ExactText(exchange.name), key: key)
        switch destination {
        case .queue(let queue): queue.inbound.insert(inbound)
        case .exchange(let target): target.inbound.insert(inbound)
        }
    }

    /// Removes a binding if it is there; to remove one that is not there is no error (RabbitMQ since 3.2).
    private mutating func remove(_ key: BindingKey, _ source: String, in host: VirtualHost) {
        guard let exchange = host.exchanges[source] else { return }
        unbind(key, from: exchange, in: host)
    }

    /// Takes a binding out on both sides; an auto-delete exchange goes with its last one.
    mutating func unbind(_ key: BindingKey, from exchange: Exchange, in host: VirtualHost) {
        if takeOut(key, from: exchange, in: host) { delete(exchange, in: host) }
    }

    /// Takes a binding out on both sides, and leaves its exchange.
    /// - Returns: whether the exchange is to go, because it deletes itself and this was its last binding.
    mutating func takeOut(_ key: BindingKey, from exchange: Exchange, in host: VirtualHost) -> Bool {
        guard let binding = exchange.removeBinding(key) else { return false }
        host.bindingCount -= 1
        memory.definitionBytes -= DefinitionCost.binding(binding.key, kind: exchange.kind)
        host.generation += 1
        let inbound = InboundBinding(source: ExactText(exchange.name), key: key)
        switch binding.destination {
        case .queue(let queue): queue.inbound.remove(inbound)
        case .exchange(let target): target.inbound.remove(inbound)
        }
        return exchange.isAutoDelete && exchange.bindings.isEmpty && host.exchanges[exchange.name] === exchange
    }

    private func checkHeadersPattern(_ arguments: FieldTable) throws(ProtocolError) {
        guard let match = arguments["x-match"] else { return }
        guard let mode = match.string else {
            throw ProtocolError(
                .preconditionFailed,
                "Invalid x-match field type \(match.typeName) (value \(match.text)); expected longstr"
            )
        }
        guard HeadersPattern.Mode(rawValue: mode) != nil else {
            throw ProtocolError(
                .preconditionFailed,
                "Invalid x-match field value <<\"\(mode)\">>; expected all, any, all-with-x, or any-with-x"
            )
        }
    }
}
