import AMQP
import Octets

/// Methods of class `queue` but for bindings (AMQP 0-9-1 §1.7).
extension Broker {
    mutating func declare(_ declare: QueueDeclare, on channel: BrokerChannel) throws(ProtocolError) {
        if declare.queue.beginsExactly(with: DirectReply.queueName) {
            return try declareDirectReply(declare, on: channel)
        }
        if declare.passive { return try ask(declare, on: channel) }
        let connection = channel.connection
        var name = declare.queue.withoutLineBreaks
        if name.isEmpty {
            name = random.name(prefix: "amq.gen-")
        } else {
            guard !name.beginsExactly(with: "amq.") else {
                throw ProtocolError(.accessRefused, "queue name '\(name)' contains reserved prefix 'amq.*'")
            }
        }
        try permit(.configure, queue: name, on: channel)
        let queue: Queue
        if let existing = connection.host.queues[name] {
            try check(existing, isLike: declare, on: channel)
            existing.lastUsed = now
            queue = existing
        } else {
            queue = try create(declare, name, on: channel)
        }
        channel.lastQueue = name
        counters.queuesDeclared += 1
        answer(queue, declare, on: channel)
    }

    /// A passive declaration: asks, and changes nothing but which queue was the last.
    private mutating func ask(_ declare: QueueDeclare, on channel: BrokerChannel) throws(ProtocolError) {
        let name = declare.queue.withoutLineBreaks
        let queue = try queue(name, on: channel)
        queue.lastUsed = now
        channel.lastQueue = name
        answer(queue, declare, on: channel)
    }

    private mutating func answer(_ queue: Queue, _ declare: QueueDeclare, on channel: BrokerChannel) {
        guard !declare.noWait else { return }
        let answer = QueueDeclareOk(
            queue: queue.name,
            messageCount: UInt32(clamping: queue.ready.count),
            consumerCount: UInt32(clamping: queue.consumers.count)
        )
        reply(.queueDeclareOk(answer), on: channel)
    }

    private mutating func create(
        _ declare: QueueDeclare,
        _ name: String,
        on channel: BrokerChannel
    ) throws(ProtocolError) -> Queue {
        let connection = channel.connection
        let host = connection.host
        try permit(name, deadLetteringTo: declare.arguments["x-dead-letter-exchange"], on: channel)
        guard host.queues.count < limits.queuesMax else {
            throw ProtocolError(
                .preconditionFailed,
                "cannot declare queue '\(name)': queue limit in vhost '\(host.name)' (\(limits.queuesMax)) is reached"
            )
        }
        let options = try queueOptions(declare.arguments, title: host.title(queue: name))
            .with(host.policy(forQueue: name, declare.arguments))
        try requireProperties(of: declare, title: host.title(queue: name))
        let cost = DefinitionCost.queue(name, declare.arguments, options)
        try requireRoom(cost)
        memory.definitionBytes += cost
        let queue = Queue(
            name: name,
            host: host,
            isDurable: declare.makesDurable,
            isAutoDelete: declare.autoDelete,
            owner: declare.exclusive ? connection.id : nil,
            arguments: declare.arguments,
            options: options,
            now: now
        )
        host.add(queue)
        counters.queuesCreated += 1
        if declare.exclusive { connection.exclusiveQueues[name] = queue }
        noteDeadline(of: queue)
        remark(on: declare.arguments, of: name)
        return queue
    }

    private func check(
        _ queue: Queue,
        isLike declare: QueueDeclare,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        let owner = declare.exclusive ? channel.connection.id : nil
        guard queue.owner == owner else { throw locked(queue) }
        let title = queue.title
        try require("durable", of: title, received: "'\(declare.makesDurable)'", current: "'\(queue.isDurable)'")
        try require("auto_delete", of: title, received: "'\(declare.autoDelete)'", current: "'\(queue.isAutoDelete)'")
        try require(Self.comparedQueueArguments, of: title, received: declare.arguments, current: queue.arguments)
    }

    mutating func purge(_ purge: QueuePurge, on channel: BrokerChannel) throws(ProtocolError) {
        let name = try queueName(purge.queue, on: channel)
        try permit(.read, queue: name, on: channel)
        let queue = try queue(name, on: channel)
        let count = queue.ready.count
        clear(queue)
        if !purge.noWait {
            reply(.queuePurgeOk(QueuePurgeOk(messageCount: UInt32(clamping: count))), on: channel)
        }
    }

    mutating func delete(_ delete: QueueDelete, on channel: BrokerChannel) throws(ProtocolError) {
        let name = try queueName(delete.queue, on: channel)
        try permit(.configure, queue: name, on: channel)
        // To delete what is not there is no error (RabbitMQ since 3.2).
        let queue = channel.connection.host.queues[name]
        if let queue {
            try requireAccess(to: queue, on: channel)
            guard !delete.ifUnused || queue.consumers.isEmpty else {
                throw ProtocolError(.preconditionFailed, "\(queue.title) in use")
            }
            guard !delete.ifEmpty || queue.ready.isEmpty else {
                throw ProtocolError(.preconditionFailed, "\(queue.title) not empty")
            }
        }
        // The answer first: consumers hear of it after the one who asked.
        if !delete.noWait {
            reply(.queueDeleteOk(QueueDeleteOk(messageCount: UInt32(clamping: queue?.ready.count ?? 0))), on: channel)
        }
        if let queue { self.delete(queue) }
    }

    /// Takes a queue out with its messages, its bindings and its consumers, who are told.
    mutating func delete(_ queue: Queue) {
        guard !queue.isDeleted else { return }
        queue.isDeleted = true
        counters.queuesDeleted += 1
        queue.host.removeQueue(queue.name)
        if let owner = queue.owner { connections[owner]?.exclusiveQueues[queue.name] = nil }
        memory.messageBytes -= queue.ready.bytes
        memory.definitionBytes -= DefinitionCost.queue(queue.name, queue.arguments, queue.options)
        queue.ready.removeAll()
        for inbound in queue.inbound {
            guard let source = queue.host.exchanges[inbound.source] else { continue }
            unbind(inbound.key, from: source, in: queue.host)
        }
        let consumers = queue.consumers.all
        detach(consumers)
        for consumer in consumers { tellCancelled(consumer) }
        // Who still knows the queue, a route or a deadline, need not hold these.
        queue.arguments = [:]
        relieve()
    }

    /// Drops all messages that are ready; nothing is dead-lettered.
    mutating func clear(_ queue: Queue) {
        memory.messageBytes -= queue.ready.bytes
        queue.ready.removeAll()
        relieve()
    }

    /// Deletes an auto-delete queue whose last consumer has gone.
    mutating func deleteIfUnused(_ queue: Queue) {
        if queue.isAutoDelete, queue.hadConsumer, queue.consumers.isEmpty { delete(queue) }
    }

    /// A queue that must be there and open to this connection.
    func queue(_ name: String, on channel: BrokerChannel) throws(ProtocolError) -> Queue {
        let host = channel.connection.host
        guard let queue = host.queues[name] else {
            throw ProtocolError(.notFound, "no \(host.title(queue: name))")
        }
        try requireAccess(to: queue, on: channel)
        return queue
    }

    /// The name that is meant: an empty one means the queue that was declared last on this channel.
    func queueName(_ name: String, on channel: BrokerChannel) throws(ProtocolError) -> String {
        guard name.isEmpty else { return name }
        guard !channel.lastQueue.isEmpty else { throw ProtocolError(.notFound, "no previously declared queue") }
        return channel.lastQueue
    }

    func requireAccess(to queue: Queue, on channel: BrokerChannel) throws(ProtocolError) {
        guard queue.owner == nil || queue.owner == channel.connection.id else { throw locked(queue) }
    }

    private func locked(_ queue: Queue) -> ProtocolError {
        ProtocolError(
            .resourceLocked,
            "cannot obtain exclusive access to locked \(queue.title). It could be originally declared on another"
                + " connection or the exclusive property value does not match that of the original declaration."
        )
    }
}

extension QueueDeclare {
    /// A queue that ends with its connection outlives no restart, so RabbitMQ takes no exclusive queue for durable.
    fileprivate var makesDurable: Bool { durable && !exclusive }
}

extension Broker {
    /// What replicated queues are not, although they are kept as classic ones here: code that is refused by RabbitMQ is
    /// refused here too.
    private func requireProperties(of declare: QueueDeclare, title: String) throws(ProtocolError) {
        guard let type = declare.arguments["x-queue-type"]?.string, type == "quorum" || type == "stream" else { return }
        let wrong: String? =
            declare.autoDelete
            ? "auto-delete" : declare.exclusive ? "exclusive-owner" : declare.durable ? nil : "non-durable"
        guard let wrong else { return }
        throw ProtocolError(.preconditionFailed, "invalid property '\(wrong)' for \(title)")
    }
}
