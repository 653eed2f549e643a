import AMQP
import Octets

/// `exchange.declare` and `exchange.delete` (AMQP 0-9-1 §1.6).
extension Broker {
    mutating func declare(_ declare: ExchangeDeclare, on channel: BrokerChannel) throws(ProtocolError) {
        let host = channel.connection.host
        let name = declare.exchange.withoutLineBreaks
        if declare.passive {
            try refuseDefault(name)
            _ = try exchange(name, in: host)
        } else {
            let kind = try exchangeKind(declare.type)
            try refuseDefault(name)
            try permit(.configure, exchange: name, on: channel)
            if let exchange = host.exchanges[name] {
                try check(exchange, isLike: declare, kind, in: host)
            } else {
                try permit(name, alternatingWith: declare.arguments["alternate-exchange"], on: channel)
                try create(declare, name, kind, in: host)
            }
        }
        if !declare.noWait { reply(.exchangeDeclareOk, on: channel) }
    }

    mutating func delete(_ delete: ExchangeDelete, on channel: BrokerChannel) throws(ProtocolError) {
        let host = channel.connection.host
        let name = delete.exchange.withoutLineBreaks
        try refuseDefault(name)
        guard !name.beginsExactly(with: "amq.") else {
            throw ProtocolError(.accessRefused, "deletion of system \(host.title(exchange: name)) not allowed")
        }
        try permit(.configure, exchange: name, on: channel)
        // To delete what is not there is no error (RabbitMQ since 3.2).
        if let exchange = host.exchanges[name] {
            guard !delete.ifUnused || exchange.bindings.isEmpty else {
                throw ProtocolError(.preconditionFailed, "\(host.title(exchange: name)) in use")
            }
            self.delete(exchange, in: host)
        }
        if !delete.noWait { reply(.exchangeDeleteOk, on: channel) }
    }

    /// Takes an exchange out with all bindings from it and to it, and with it the auto-delete exchanges whose last
    /// binding led to it. A list, so that no depth of calls depends on how clients have bound exchanges.
    mutating func delete(_ exchange: Exchange, in host: VirtualHost) {
        var leaving = [exchange]
        while let exchange = leaving.popLast() {
            guard host.exchanges[exchange.name] === exchange else { continue }
            host.exchanges[exchange.name] = nil
            host.routesCached -= exchange.routes.size
            memory.definitionBytes -= DefinitionCost.exchange(exchange.name, exchange.arguments)
            host.generation += 1
            for key in Array(exchange.bindings.keys) { _ = takeOut(key, from: exchange, in: host) }
            for inbound in exchange.inbound {
                guard let source = host.exchanges[inbound.source] else { continue }
                if takeOut(inbound.key, from: source, in: host) { leaving.append(source) }
            }
        }
    }

    /// An exchange that must be there.
    func exchange(_ name: String, in host: VirtualHost) throws(ProtocolError) -> Exchange {
        guard let exchange = host.exchanges[name] else {
            throw ProtocolError(.notFound, "no \(host.title(exchange: name))")
        }
        return exchange
    }

    /// The default exchange can be published to and nothing else.
    func refuseDefault(_ name: String) throws(ProtocolError) {
        guard !name.isEmpty else {
            throw ProtocolError(.accessRefused, "operation not permitted on the default exchange")
        }
    }

    private func exchangeKind(_ type: String) throws(ProtocolError) -> ExchangeKind {
        guard let kind = ExchangeKind(rawValue: type) else {
            // RabbitMQ knows the empty word, but not as an exchange's type.
            let relation = type.isEmpty ? "invalid" : "unknown"
            throw ProtocolError(.commandInvalid, "\(relation) exchange type '\(type)'")
        }
        return kind
    }

    private mutating func create(
        _ declare: ExchangeDeclare,
        _ name: String,
        _ kind: ExchangeKind,
        in host: VirtualHost
    ) throws(ProtocolError) {
        guard !name.beginsExactly(with: "amq.") else {
            throw ProtocolError(.accessRefused, "exchange name '\(name)' contains reserved prefix 'amq.*'")
        }
        if let alternate = declare.arguments["alternate-exchange"], alternate.string == nil {
            throw ProtocolError(
                .preconditionFailed,
                "invalid type '\(alternate.typeName)' for arg 'alternate-exchange' in \(host.title(exchange: name))"
            )
        }
        guard host.exchanges.count < limits.exchangesMax else {
            throw ProtocolError(
                .preconditionFailed,
                "exchange limit in vhost '\(host.name)' (\(limits.exchangesMax)) is reached"
            )
        }
        let cost = DefinitionCost.exchange(name, declare.arguments)
        try requireRoom(cost)
        memory.definitionBytes += cost
        let exchange = Exchange(
            name: name,
            kind: kind,
            isDurable: declare.durable,
            isAutoDelete: declare.autoDelete,
            isInternal: declare.internal,
            arguments: declare.arguments
        )
        exchange.apply(host.policies.forExchange(name))
        host.exchanges[name] = exchange
        host.generation += 1
    }

    private func check(
        _ exchange: Exchange,
        isLike declare: ExchangeDeclare,
        _ kind: ExchangeKind,
        in host: VirtualHost
    ) throws(ProtocolError) {
        let title = host.title(exchange: exchange.name)
        try require("type", of: title, received: "'\(kind.rawValue)'", current: "'\(exchange.kind.rawValue)'")
        try require("durable", of: title, received: "'\(declare.durable)'", current: "'\(exchange.isDurable)'")
        try require(
            "auto_delete",
            of: title,
            received: "'\(declare.autoDelete)'",
            current: "'\(exchange.isAutoDelete)'"
        )
        try require("internal", of: title, received: "'\(declare.internal)'", current: "'\(exchange.isInternal)'")
        try require(["alternate-exchange"], of: title, received: declare.arguments, current: exchange.arguments)
    }
}
