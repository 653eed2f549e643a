import AMQP

/// `basic.get` (AMQP 0-9-1 §1.8.3.10).
extension Broker {
    mutating func get(_ get: BasicGet, on channel: BrokerChannel) throws(ProtocolError) {
        if channel.connection.isCongested { return postpone(get, on: channel) }
        let name = try queueName(get.queue, on: channel)
        try permit(.read, queue: name, on: channel)
        let queue = try queue(name, on: channel)
        queue.lastUsed = now
        guard let entry = queue.ready.popFirst() else {
            counters.gotEmpty += 1
            return reply(.basicGetEmpty, on: channel)
        }
        // What has expired behind it is not counted any more.
        dropExpired(queue)
        if let first = queue.ready.first, first.expiresAt != .never { noteDeadline(of: queue) }
        let tag = channel.nextDeliveryTag()
        if get.noAck {
            memory.messageBytes -= entry.message.sizeBytes
            queue.counters.acknowledged += 1
            queue.counters.gotNoAck += 1
            counters.gotNoAck += 1
            relieve()
        } else {
            hold(entry, tag, nil, from: queue, on: channel)
        }
        queue.counters.got += 1
        counters.got += 1
        if entry.isRedelivered {
            queue.counters.redelivered += 1
            counters.redelivered += 1
        }
        handedOut(entry.message, to: channel.connection)
        sayConfirms(of: channel)
        let answer = BasicGetOk(
            deliveryTag: tag,
            redelivered: entry.isRedelivered,
            exchange: entry.message.exchange,
            routingKey: entry.message.routingKey,
            messageCount: UInt32(clamping: queue.ready.count)
        )
        directives.append(.answerGet(channel.connection.id, channel: channel.number, answer, entry.message))
    }
}
