import AMQP
import Octets

/// `basic.publish` and `basic.return` (AMQP 0-9-1 §1.8.3.7).
extension Broker {
    mutating func publish(
        _ message: Message,
        isMandatory: Bool,
        isImmediate: Bool,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        let connection = channel.connection
        try checkSize(message)
        let known = knownRoute(of: message, on: channel)
        let exchange: Exchange
        if let known {
            exchange = known.exchange
        } else {
            // A way that is known was permitted when it was learned.
            try permit(.write, exchange: message.exchange, on: channel)
            exchange = try openExchange(message.exchange, in: connection.host)
            try permit(.write, topic: message.routingKey, of: exchange, on: channel)
        }
        if isImmediate { throw ProtocolError(.notImplemented, "immediate=true") }
        var message = message
        try check(message.properties, from: connection.profile.user)
        if message.properties.replyTo == DirectReply.queueName { message = try addressReply(to: message, on: channel) }
        exchange.publishedCount += 1
        counters.published += 1

        let keys = try additionalKeys(message)
        let queues =
            if keys.isEmpty {
                known?.queues ?? route(message, from: exchange, on: channel)
            } else {
                route(&message, copiedTo: keys, from: exchange, in: connection.host)
            }
        try enqueue(message, queues, isMandatory: isMandatory, on: channel)
        if isOverloaded, !connection.isBlocked { block(connection) }
    }

    /// Publishes without a connection: an operator or a test does, as any user. No reply comes back to it, so
    /// `amq.rabbitmq.reply-to` is refused as it is to a channel that does not consume from it.
    /// - Returns: how many queues took the message.
    mutating func insert(_ message: Message, _ hostName: String, at now: Instant) -> Result<Int, ProtocolError> {
        self.now = now
        guard let host = hosts[hostName] else {
            return .failure(ProtocolError(.notAllowed, "vhost \(hostName) not found"))
        }
        do throws(ProtocolError) {
            try checkSize(message)
            let exchange = try openExchange(message.exchange, in: host)
            try check(message.properties, from: message.properties.userID)
            if message.properties.replyTo == DirectReply.queueName { throw DirectReply.noConsumer }
            let keys = try additionalKeys(message)
            var message = message
            exchange.publishedCount += 1
            counters.published += 1
            let queues = route(&message, copiedTo: keys, from: exchange, in: host)
            let count = queues.count { put(message, into: $0) }
            if queues.isEmpty { deliverDirectReply(message) }
            workOffDeadLetters()
            return .success(count)
        } catch {
            return .failure(error)
        }
    }

    /// An exchange that may be published to.
    private func openExchange(_ name: String, in host: VirtualHost) throws(ProtocolError) -> Exchange {
        let exchange = try exchange(name, in: host)
        guard !exchange.isInternal else {
            throw ProtocolError(.accessRefused, "cannot publish to internal \(host.title(exchange: name))")
        }
        return exchange
    }

    /// Puts a message into its queues now, or with the commit of the channel's transaction.
    private mutating func enqueue(
        _ message: Message,
        _ queues: [Queue],
        isMandatory: Bool,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        switch channel.mode {
        case .plain: _ = deliver(message, to: queues, isMandatory: isMandatory, on: channel)
        case .confirming(var confirms):
            // Taken out of the enum while it changes, so that it changes in place.
            channel.mode = .plain
            let sequence = confirms.next()
            let isTaken = deliver(message, to: queues, isMandatory: isMandatory, on: channel)
            settle(sequence, isTaken: isTaken, &confirms, on: channel)
            channel.mode = .confirming(confirms)
        case .transactional:
            let publish = Transaction.Publish(message: message, queues: queues, isMandatory: isMandatory)
            try postpone(publish, on: channel)
        }
    }

    /// Puts a message into queues, or gives it back.
    /// - Returns: whether every queue took it; to have none counts as taken.
    mutating func deliver(_ message: Message, to queues: [Queue], isMandatory: Bool, on channel: BrokerChannel) -> Bool
    {
        guard !queues.isEmpty else {
            if isMandatory { giveBack(message, on: channel) } else { counters.unroutable += 1 }
            deliverDirectReply(message)
            return true
        }
        var isTaken = true
        for queue in queues where !put(message, into: queue) { isTaken = false }
        return isTaken
    }

    mutating func giveBack(_ message: Message, on channel: BrokerChannel) {
        counters.returned += 1
        let method = BasicReturn(
            replyCode: ReplyCode.noRoute.rawValue,
            replyText: "NO_ROUTE",
            exchange: message.exchange,
            routingKey: message.routingKey
        )
        handedOut(message, to: channel.connection)
        directives.append(.giveBack(channel.connection.id, channel: channel.number, method, message))
    }

    private func checkSize(_ message: Message) throws(ProtocolError) {
        guard message.body.count <= limits.messageBytesMax else {
            throw ProtocolError(
                .preconditionFailed,
                "message size \(message.body.count) is larger than configured max size \(limits.messageBytesMax)"
            )
        }
    }

    /// Properties that RabbitMQ looks into.
    private func check(_ properties: BasicProperties, from publisher: String?) throws(ProtocolError) {
        if let user = properties.userID, let publisher, !user.isExactly(publisher) {
            throw ProtocolError(
                .preconditionFailed,
                "user_id property set to '\(user)' but authenticated user was '\(publisher)'"
            )
        }
        if let expiration = properties.expiration { _ = try Expiration.milliseconds(expiration) }
        if let mode = properties.deliveryMode, mode != 1, mode != 2 {
            throw ProtocolError(.preconditionFailed, "invalid message: {delivery_mode_unknown,\(mode)}")
        }
    }

    /// Further routing keys, from the headers `CC` and `BCC`, which must be arrays of strings.
    private func additionalKeys(_ message: Message) throws(ProtocolError) -> [String] {
        guard let headers = message.properties.headers else { return [] }
        var keys: [String] = []
        for name in ["CC", "BCC"] {
            guard let value = headers[name] else { continue }
            guard let values = value.array else {
                throw ProtocolError(
                    .preconditionFailed,
                    "invalid message: {unacceptable_type_in_header,\"\(name)\",\(value.typeName)}"
                )
            }
            keys += values.compactMap(\.string)
        }
        return keys
    }
}
