import AMQP

extension DirectReply {
    /// What a client consumes and names in `reply_to` to get replies without a queue.
    static let queueName = "amq.rabbitmq.reply-to"
    /// How the addresses begin that the broker puts in its place.
    static let addressPrefix = "amq.rabbitmq.reply-to."
    /// Who asks for a reply must consume it before.
    static let noConsumer = ProtocolError(.preconditionFailed, "fast reply consumer does not exist")
}

/// Replies that go straight to the channel that asked (RabbitMQ's direct reply-to).
extension Broker {
    mutating func consumeDirectReplies(_ consume: BasicConsume, on channel: BrokerChannel) throws(ProtocolError) {
        guard consume.consumerTag.isEmpty || channel.consumers[consume.consumerTag] == nil else {
            throw ProtocolError(.notAllowed, "attempt to reuse consumer tag '\(consume.consumerTag)'")
        }
        guard consume.noAck else { throw ProtocolError(.preconditionFailed, "reply consumer cannot acknowledge") }
        guard channel.directReply == nil else {
            throw ProtocolError(.preconditionFailed, "reply consumer already set")
        }
        let tag = consume.consumerTag.isEmpty ? random.name(prefix: "amq.ctag-") : consume.consumerTag
        let address = random.name(prefix: DirectReply.addressPrefix)
        channel.directReply = DirectReply(consumerTag: tag, address: address)
        directReplies[address] = channel
        if !consume.noWait { reply(.basicConsumeOk(BasicConsumeOk(consumerTag: tag)), on: channel) }
    }

    mutating func endDirectReplies(on channel: BrokerChannel) {
        if let address = channel.directReply?.address { directReplies[address] = nil }
        channel.directReply = nil
    }

    /// A declaration asks whether the one who wants the reply is still there.
    mutating func declareDirectReply(_ declare: QueueDeclare, on channel: BrokerChannel) throws(ProtocolError) {
        let name = declare.queue
        guard name == DirectReply.queueName || directReplies[name] != nil else {
            throw ProtocolError(.notFound, "no \(channel.connection.host.title(queue: name))")
        }
        guard !declare.noWait else { return }
        reply(.queueDeclareOk(QueueDeclareOk(queue: name, messageCount: 0, consumerCount: 1)), on: channel)
    }

    /// The request as it goes out: with an address in `reply_to` that leads back to this channel.
    func addressReply(to message: Message, on channel: BrokerChannel) throws(ProtocolError) -> Message {
        guard let reply = channel.directReply else { throw DirectReply.noConsumer }
        var properties = message.properties
        properties.replyTo = reply.address
        return message.with(properties: properties)
    }

    /// Hands a reply to the channel that waits for it. A reply that nobody waits for is dropped, and a mandatory one
    /// counts as unroutable either way, as in RabbitMQ.
    mutating func deliverDirectReply(_ message: Message) {
        guard message.exchange.isEmpty, message.routingKey.beginsExactly(with: DirectReply.addressPrefix),
            let channel = directReplies[message.routingKey], let reply = channel.directReply
        else { return }
        counters.delivered += 1
        handedOut(message, to: channel.connection)
        let delivery = Delivery(
            connection: channel.connection.id,
            channel: channel.number,
            isRedelivered: false,
            deliveryTag: channel.nextDeliveryTag(),
            consumerTag: reply.consumerTag,
            message: message
        )
        directives.append(.deliver(delivery))
    }
}
