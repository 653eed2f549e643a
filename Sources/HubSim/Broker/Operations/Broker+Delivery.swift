import AMQP

/// Messages into queues and from queues to consumers.
extension Broker {
    /// Puts a message into a queue: to a consumer at once, if one can take it and none waits before it.
    /// - Returns: false where the queue refuses it (`x-overflow`, memory).
    mutating func put(_ message: Message, into queue: Queue) -> Bool {
        // It may have gone while the message waited in a transaction or among the dead letters.
        if queue.isDeleted { return true }
        if refusesNew(message, queue) { return false }
        queue.counters.published += 1
        var entry = QueuedMessage(
            message: message,
            position: queue.nextPosition,
            expiresAt: expiry(of: message, in: queue)
        )
        if let most = queue.options.priorityMax { entry.priority = min(message.properties.priority ?? 0, most) }
        queue.nextPosition += 1
        memory.messageBytes += message.sizeBytes
        if queue.ready.isEmpty, let consumer = queue.consumers.next() {
            hand(entry, to: consumer, from: queue)
            queue.consumers.rotate()
            return true
        }
        queue.ready.append(entry)
        // As RabbitMQ, which looks for expired messages only where this one may have come to the front without going
        // past others: one that overtakes by its priority is delivered even when it has expired.
        if dropOverflow(queue) || queue.ready.count == 1 {
            dropExpired(queue)
            if let first = queue.ready.first, first.expiresAt != .never { noteDeadline(of: queue) }
        }
        return true
    }

    /// Serves the consumers of a queue as long as there are messages and someone who can take.
    mutating func serve(_ queue: Queue) {
        guard !queue.ready.isEmpty, !queue.consumers.isEmpty, !queue.isDeleted else { return }
        while !queue.ready.isEmpty, let consumer = queue.consumers.next() {
            guard let entry = queue.ready.popFirst() else { return }
            hand(entry, to: consumer, from: queue)
            queue.consumers.rotate()
            // Expired ones that waited behind it have come to the front.
            dropExpired(queue)
        }
        if let first = queue.ready.first, first.expiresAt != .never { noteDeadline(of: queue) }
    }

    private mutating func hand(_ entry: QueuedMessage, to consumer: Consumer, from queue: Queue) {
        let channel = consumer.channel
        let connection = channel.connection
        let tag = channel.nextDeliveryTag()
        if consumer.isNoAck {
            memory.messageBytes -= entry.message.sizeBytes
            queue.counters.acknowledged += 1
            queue.counters.deliveredNoAck += 1
            counters.deliveredNoAck += 1
            relieve()
        } else {
            consumer.unackedCount += 1
            channel.unackedByConsumersCount += 1
            hold(entry, tag, consumer, from: queue, on: channel)
        }
        queue.counters.delivered += 1
        if entry.isRedelivered {
            queue.counters.redelivered += 1
            counters.redelivered += 1
        }
        counters.delivered += 1
        handedOut(entry.message, to: connection)
        let delivery = Delivery(
            connection: connection.id,
            channel: channel.number,
            isRedelivered: entry.isRedelivered,
            deliveryTag: tag,
            consumerTag: consumer.tag,
            message: entry.message,
            queue: queue.name,
            position: entry.position,
            expiresAt: entry.expiresAt,
            isCopy: entry.isCopy
        )
        directives.append(.deliver(delivery))
    }

    /// Notes a delivery that waits for an acknowledgement.
    mutating func hold(
        _ entry: QueuedMessage,
        _ tag: UInt64,
        _ consumer: Consumer?,
        from queue: Queue,
        on channel: BrokerChannel
    ) {
        queue.unackedCount += 1
        queue.unackedBytes += entry.message.sizeBytes
        channel.unacked.append(
            UnackedMessage(tag: tag, queue: queue, consumer: consumer, entry: entry, deliveredAt: now)
        )
        noteDeadline(of: channel, now.adding(milliseconds: timeoutMs(queue)))
    }

    /// Takes the channel's parked consumers back in where they can take again, and serves their queues.
    mutating func unpark(_ channel: BrokerChannel) {
        for queue in readmit(channel) { serve(queue) }
    }

    /// Takes the channel's parked consumers back in where they can take again.
    /// - Returns: their queues, which are to be served.
    func readmit(_ channel: BrokerChannel) -> [Queue] {
        guard !channel.parked.isEmpty else { return [] }
        var stillParked: [Consumer] = []
        var queues: [Queue] = []
        for consumer in channel.parked {
            if consumer.canTake {
                consumer.queue.consumers.unpark(consumer)
                queues.append(consumer.queue)
            } else {
                stillParked.append(consumer)
            }
        }
        channel.parked = stillParked
        return queues
    }
}
