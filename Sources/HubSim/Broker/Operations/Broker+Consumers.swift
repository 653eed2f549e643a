import AMQP
import Octets

/// `basic.consume`, `basic.cancel` and `basic.qos` (AMQP 0-9-1 §1.8).
extension Broker {
    mutating func consume(_ consume: BasicConsume, on channel: BrokerChannel) throws(ProtocolError) {
        if consume.queue == DirectReply.queueName { return try consumeDirectReplies(consume, on: channel) }
        let isTaken =
            channel.consumers[consume.consumerTag] != nil
            || channel.directReply?.consumerTag.isExactly(consume.consumerTag) == true
        guard consume.consumerTag.isEmpty || !isTaken else {
            throw ProtocolError(.notAllowed, "attempt to reuse consumer tag '\(consume.consumerTag)'")
        }
        let name = try queueName(consume.queue, on: channel)
        try permit(.read, queue: name, on: channel)
        let queue = try queue(name, on: channel)
        guard channel.consumers.count < limits.consumersPerChannelMax else {
            throw ProtocolError(
                .notAllowed,
                "number of consumers on the channel has reached \(limits.consumersPerChannelMax)"
            )
        }
        try checkExclusiveUse(of: queue, isWanted: consume.exclusive)
        guard consume.arguments["x-stream-offset"] == nil else {
            throw ProtocolError(
                .preconditionFailed,
                "invalid arg 'x-stream-offset' for \(queue.title) of queue type rabbit_classic_queue"
            )
        }
        let tag = consume.consumerTag.isEmpty ? random.name(prefix: "amq.ctag-") : consume.consumerTag
        let cost = DefinitionCost.consumer(tag, consume.arguments)
        try requireRoom(cost)
        let consumer = Consumer(
            tag: tag,
            channel: channel,
            queue: queue,
            isNoAck: consume.noAck,
            isExclusive: consume.exclusive,
            priority: try consumerPriority(consume.arguments, queue),
            prefetchMax: channel.prefetchOfConsumersMax,
            arguments: consume.arguments
        )
        memory.definitionBytes += cost
        channel.consumers[consumer.tag] = consumer
        queue.hadConsumer = true
        queue.consumers.add(consumer)
        if !consume.noWait { reply(.basicConsumeOk(BasicConsumeOk(consumerTag: consumer.tag)), on: channel) }
        serve(queue)
    }

    mutating func cancel(_ cancel: BasicCancel, on channel: BrokerChannel) {
        // To cancel a consumer that is not there is no error: our own basic.cancel may have crossed the client's.
        if let consumer = channel.consumers[cancel.consumerTag] {
            detach(consumer)
            if !cancel.noWait { reply(.basicCancelOk(BasicCancelOk(consumerTag: cancel.consumerTag)), on: channel) }
            // Who is now the single active consumer is served with the queue's next turn, as in RabbitMQ: when deliveries
            // come back or the channel ends, so that these come first.
            deleteIfUnused(consumer.queue)
            return
        }
        if channel.directReply?.consumerTag.isExactly(cancel.consumerTag) == true { endDirectReplies(on: channel) }
        if !cancel.noWait { reply(.basicCancelOk(BasicCancelOk(consumerTag: cancel.consumerTag)), on: channel) }
    }

    mutating func limit(_ qos: BasicQos, on channel: BrokerChannel) throws(ProtocolError) {
        guard qos.prefetchSize == 0 else {
            throw ProtocolError(.notImplemented, "prefetch_size!=0 (\(qos.prefetchSize))")
        }
        // RabbitMQ's meaning of `global`: false = each new consumer, true = the channel.
        if qos.isGlobal {
            channel.prefetchMax = Int(qos.prefetchCount)
        } else {
            channel.prefetchOfConsumersMax = Int(qos.prefetchCount)
        }
        reply(.basicQosOk, on: channel)
        unpark(channel)
    }

    /// Takes a consumer out of its channel and queue. What it holds unacknowledged stays with the channel.
    mutating func detach(_ consumer: Consumer) {
        memory.definitionBytes -= DefinitionCost.consumer(consumer.tag, consumer.arguments)
        consumer.channel.consumers[consumer.tag] = nil
        consumer.channel.parked.removeAll { $0 === consumer }
        consumer.queue.consumers.remove(consumer)
        if consumer.queue.consumers.isEmpty {
            consumer.queue.lastUsed = now
            noteDeadline(of: consumer.queue)
        }
    }

    /// Takes many consumers out of their channels and queues, each of which is gone through once.
    mutating func detach(_ consumers: [Consumer]) {
        guard consumers.count > 1 else {
            if let only = consumers.first { detach(only) }
            return
        }
        let leaving = Set(consumers.map(ObjectIdentifier.init))
        var seen: Set<ObjectIdentifier> = []
        for consumer in consumers {
            memory.definitionBytes -= DefinitionCost.consumer(consumer.tag, consumer.arguments)
            let (channel, queue) = (consumer.channel, consumer.queue)
            channel.consumers[consumer.tag] = nil
            if seen.insert(ObjectIdentifier(channel)).inserted {
                channel.parked.removeAll { leaving.contains(ObjectIdentifier($0)) }
            }
            guard seen.insert(ObjectIdentifier(queue)).inserted else { continue }
            queue.consumers.remove(leaving)
            guard queue.consumers.isEmpty else { continue }
            queue.lastUsed = now
            noteDeadline(of: queue)
        }
    }

    /// Tells a client that the hub ended its consumer, if the client understands that (`consumer_cancel_notify`).
    mutating func tellCancelled(_ consumer: Consumer) {
        let connection = consumer.channel.connection
        guard connection.profile.takesConsumerCancel, connections[connection.id] != nil else { return }
        reply(.basicCancel(BasicCancel(consumerTag: consumer.tag, noWait: true)), on: consumer.channel)
    }

    private func checkExclusiveUse(of queue: Queue, isWanted: Bool) throws(ProtocolError) {
        // One that is exclusive is the only one. One who has a queue alone and one of several who is active exclude each
        // other.
        let isInUse =
            isWanted
            ? !queue.consumers.isEmpty || queue.options.isSingleActiveConsumer
            : queue.consumers.all.first?.isExclusive ?? false
        guard !isInUse else { throw ProtocolError(.accessRefused, "\(queue.title) in exclusive use") }
    }

    private func consumerPriority(_ arguments: FieldTable, _ queue: Queue) throws(ProtocolError) -> Int64 {
        guard let value = arguments["x-priority"] else { return 0 }
        guard let priority = value.integer else {
            throw ProtocolError(
                .preconditionFailed,
                "invalid arg 'x-priority' for \(queue.title): \"expected integer, got \(value.typeName)\""
            )
        }
        return priority
    }
}
