import AMQP

/// `basic.ack`, `basic.nack`, `basic.reject` and `basic.recover` (AMQP 0-9-1 §1.8.3; `nack` is RabbitMQ's).
extension Broker {
    mutating func settle(
        _ tag: UInt64,
        isMultiple: Bool,
        _ outcome: SettlementOutcome,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        if !isMultiple, let message = channel.unacked.remove(tag) {
            if case .transactional = channel.mode { return try postpone([message], outcome, on: channel) }
            return settle(message, outcome, on: channel)
        }
        guard isMultiple, let messages = channel.unacked.removeAll(through: tag) else {
            throw ProtocolError(.preconditionFailed, "unknown delivery tag \(tag)")
        }
        if case .transactional = channel.mode { return try postpone(messages, outcome, on: channel) }
        settle(messages, outcome, on: channel)
    }

    mutating func recover(isRequeue: Bool, isAnswered: Bool, on channel: BrokerChannel) throws(ProtocolError) {
        guard isRequeue else { throw ProtocolError(.notImplemented, "requeue=false") }
        let messages = channel.unacked.removeAll(through: 0) ?? []
        if isAnswered { reply(.basicRecoverOk, on: channel) }
        settle(messages, .requeued, on: channel)
    }

    /// Carries out what the client wants done with deliveries that were taken from its channel.
    mutating func settle(_ messages: [UnackedMessage], _ outcome: SettlementOutcome, on channel: BrokerChannel) {
        for part in SettledTogether(messages) {
            settle(part, outcome, on: channel)
            unpark(channel)
        }
        relieve()
    }

    /// Settles deliveries of one queue to one consumer, or one answer to `basic.get`.
    private mutating func settle(
        _ part: ArraySlice<UnackedMessage>,
        _ outcome: SettlementOutcome,
        on channel: BrokerChannel
    ) {
        switch outcome {
        case .acknowledged, .rejected:
            for message in part { finish(message, outcome, on: channel) }
        case .requeued: putBack(part, on: channel)
        }
    }

    private mutating func settle(_ message: UnackedMessage, _ outcome: SettlementOutcome, on channel: BrokerChannel) {
        switch outcome {
        case .acknowledged, .rejected: finish(message, outcome, on: channel)
        case .requeued: putBack([message], on: channel)
        }
        unpark(channel)
        relieve()
    }

    /// A delivery is over for its queue: dealt with, or rejected and dead-lettered.
    private mutating func finish(_ message: UnackedMessage, _ outcome: SettlementOutcome, on channel: BrokerChannel) {
        release(message, on: channel)
        // A delivery is held until it is settled, even where its queue is gone.
        memory.messageBytes -= message.entry.message.sizeBytes
        let queue = message.queue
        guard !queue.isDeleted else { return }
        if case .acknowledged = outcome {
            queue.counters.acknowledged += 1
            counters.acknowledged += 1
        } else {
            discard(message.entry, from: queue, .rejected)
        }
    }

    /// Gives deliveries back to the places that they had in their queues, marked as delivered before.
    mutating func putBack(_ messages: some Collection<UnackedMessage>, on channel: BrokerChannel) {
        guard !messages.isEmpty else { return }
        var order: [Queue] = []
        var returned: [ObjectIdentifier: [QueuedMessage]] = [:]
        for message in messages {
            release(message, on: channel)
            let queue = message.queue
            guard !queue.isDeleted else {
                memory.messageBytes -= message.entry.message.sizeBytes
                continue
            }
            var entry = message.entry
            entry.isRedelivered = true
            if returned[ObjectIdentifier(queue)] == nil { order.append(queue) }
            returned[ObjectIdentifier(queue), default: []].append(entry)
        }
        // Whoever held them may have room again: as in RabbitMQ, it waits for its turn before they are back.
        let readmitted = readmit(channel)
        for queue in order {
            queue.ready.putBack(returned[ObjectIdentifier(queue)] ?? [])
            dropOverflow(queue)
            dropExpired(queue)
            serve(queue)
            noteDeadline(of: queue)
        }
        for queue in readmitted { serve(queue) }
    }

    /// The delivery no longer counts against prefetch limits, nor as out of its queue.
    mutating func release(_ message: UnackedMessage, on channel: BrokerChannel) {
        if let consumer = message.consumer {
            consumer.unackedCount -= 1
            channel.unackedByConsumersCount -= 1
        }
        guard !message.queue.isDeleted else { return }
        message.queue.unackedCount -= 1
        message.queue.unackedBytes -= message.entry.message.sizeBytes
    }
}
