import AMQP

/// A fault that ends a consumer in the middle of its deliveries.
extension Broker {
    /// Whether the channel has a consumer of this tag.
    func hasConsumer(_ tag: String, on number: UInt16, of id: ConnectionID) -> Bool {
        connections[id]?.channel(number)?.consumers[tag] != nil
    }

    /// Ends a consumer and tells its client, if it understands that.
    /// - Parameter unsent: its deliveries that have not gone out, in order: for their queue they never happened.
    mutating func cancelConsumer(
        _ tag: String,
        on number: UInt16,
        of id: ConnectionID,
        takingBack unsent: [Delivery],
        at now: Instant
    ) {
        self.now = now
        guard let consumer = connections[id]?.channel(number)?.consumers[tag] else { return }
        detach(consumer)
        takeBack(unsent, from: consumer)
        tellCancelled(consumer)
        deleteIfUnused(consumer.queue)
        unpark(consumer.channel)
        serve(consumer.queue)
        workOffDeadLetters()
    }

    /// Puts deliveries back as they were, newest first, so that their tags can be given again.
    private mutating func takeBack(_ unsent: [Delivery], from consumer: Consumer) {
        guard !unsent.isEmpty else { return }
        let channel = consumer.channel
        let queue = consumer.queue
        var entries: [QueuedMessage] = []
        for delivery in unsent.reversed() {
            guard let entry = takeBack(delivery, from: consumer) else { continue }
            entries.append(entry)
            channel.takeBack(deliveryTag: delivery.deliveryTag)
            channel.connection.outboundBytes = max(0, channel.connection.outboundBytes - delivery.message.sizeBytes)
            queue.counters.delivered -= 1
            counters.delivered -= 1
            if delivery.isRedelivered {
                queue.counters.redelivered -= 1
                counters.redelivered -= 1
            }
        }
        queue.ready.putBack(entries)
        dropOverflow(queue)
        dropExpired(queue)
        noteDeadline(of: queue)
    }

    /// What a delivery was in its queue; nil: its client has settled it, blindly.
    private mutating func takeBack(_ delivery: Delivery, from consumer: Consumer) -> QueuedMessage? {
        guard consumer.isNoAck else {
            guard let message = consumer.channel.unacked.takeBack(delivery.deliveryTag) else { return nil }
            release(message, on: consumer.channel)
            return message.entry
        }
        let queue = consumer.queue
        memory.messageBytes += delivery.message.sizeBytes
        queue.counters.acknowledged -= 1
        queue.counters.deliveredNoAck -= 1
        counters.deliveredNoAck -= 1
        return QueuedMessage(
            message: delivery.message,
            position: delivery.position,
            expiresAt: delivery.expiresAt,
            isRedelivered: delivery.isRedelivered,
            priority: queue.options.priorityMax.map { min(delivery.message.properties.priority ?? 0, $0) } ?? 0,
            isCopy: delivery.isCopy
        )
    }
}
