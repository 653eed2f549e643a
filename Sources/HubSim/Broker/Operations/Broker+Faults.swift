import AMQP

/// What becomes of a publish that reaches no queue.
package enum LostPublish: Sendable, Equatable {
    /// It counts as taken.
    case taken
    /// It is refused (`basic.nack`).
    case refused
    /// It comes back (`basic.return`) and then counts as taken.
    case returned
}

/// What only happens where something from outside wants it: a fault.
extension Broker {
    /// The sequence number that the next publish on the channel gets; nil where it has no confirms.
    func nextSequence(on number: UInt16, of id: ConnectionID) -> UInt64? {
        guard case .confirming(let confirms) = connections[id]?.channel(number)?.mode else { return nil }
        return confirms.lastSequence + 1
    }

    /// Whether the channel takes commands.
    func isOpen(_ number: UInt16, of id: ConnectionID) -> Bool {
        connections[id]?.channel(number).map { !$0.isClosing } ?? false
    }

    /// The queues that a message would go to, by name; empty where its exchange is not there.
    mutating func destinations(of message: Message, from id: ConnectionID) -> [String] {
        guard let host = connections[id]?.host, let exchange = try? exchange(message.exchange, in: host) else {
            return []
        }
        let headers = message.properties.headers
        return search(from: exchange, keys: [message.routingKey], headers: headers, in: host).queues.map(\.name)
            .sorted()
    }

    /// Counts a publish that reaches no queue.
    mutating func lose(
        _ message: Message,
        as fate: LostPublish,
        on number: UInt16,
        of id: ConnectionID,
        at now: Instant
    ) {
        self.now = now
        onChannel(number, of: id, method: BasicPublish.id) { broker, channel throws(ProtocolError) in
            if fate == .returned {
                // In a transaction nothing comes back before the commit, nor at all where it is undone.
                if case .transactional = channel.mode {
                    let publish = Transaction.Publish(message: message, queues: [], isMandatory: true, isReturned: true)
                    return try broker.postpone(publish, on: channel)
                }
                broker.giveBack(message, on: channel)
            }
            guard case .confirming(var confirms) = channel.mode else { return }
            // Taken out of the enum while it changes, so that it changes in place.
            channel.mode = .plain
            broker.settle(confirms.next(), isTaken: fate != .refused, &confirms, on: channel)
            channel.mode = .confirming(confirms)
        }
        workOffDeadLetters()
    }

    /// Closes a channel for a reason from outside.
    mutating func close(_ number: UInt16, of id: ConnectionID, _ error: ProtocolError, at now: Instant) {
        self.now = now
        guard let channel = connections[id]?.channel(number), !channel.isClosing else { return }
        fail(channel, error)
        workOffDeadLetters()
    }

    /// Puts copies of a message that was delivered back to the front of its queue.
    mutating func duplicate(_ delivery: Delivery, copies: Int, isRedelivered: Bool, at now: Instant) {
        self.now = now
        guard let queue = connections[delivery.connection]?.host.queues[delivery.queue], !queue.isDeleted else {
            return
        }
        let room = limits.queueBytesMax - queue.ready.bytes - queue.unackedBytes
        let size = delivery.message.sizeBytes
        let count = min(copies, max(0, min(room, limits.totalBytesMax - memory.messageBytes) / size))
        guard count > 0 else { return }
        let copy = QueuedMessage(
            message: delivery.message,
            position: queue.ready.first?.position ?? queue.nextPosition,
            expiresAt: .never,
            isRedelivered: isRedelivered,
            priority: queue.options.priorityMax.map { min(delivery.message.properties.priority ?? 0, $0) } ?? 0,
            isCopy: true
        )
        queue.ready.putBack(Array(repeating: copy, count: count))
        memory.messageBytes += count * size
        serve(queue)
        workOffDeadLetters()
    }

    /// Lets two deliveries of one channel change places: each gets the other's tag, so that tags go on growing.
    /// - Returns: false where only one of them waits for an acknowledgement, or none does any more.
    mutating func exchangeTags(_ first: inout Delivery, _ second: inout Delivery) -> Bool {
        guard let channel = connections[first.connection]?.channel(first.channel) else { return false }
        let tags = (first.deliveryTag, second.deliveryTag)
        guard (channel.unacked[tags.0] == nil) == (channel.unacked[tags.1] == nil) else { return false }
        channel.unacked.exchangeTags(tags.0, tags.1)
        (first.deliveryTag, second.deliveryTag) = (tags.1, tags.0)
        return true
    }

    /// Whether a delivery still means something to its client: it has not settled it, nor needs to.
    func isOutstanding(_ delivery: Delivery) -> Bool {
        guard let channel = connections[delivery.connection]?.channel(delivery.channel), !channel.isClosing else {
            return false
        }
        if channel.unacked[delivery.deliveryTag] != nil { return true }
        return channel.consumers[delivery.consumerTag]?.isNoAck ?? (channel.directReply != nil)
    }

    /// The queue and message of a delivery that is unacknowledged.
    func unacked(_ tag: UInt64, on number: UInt16, of id: ConnectionID) -> (queue: String, message: Message)? {
        connections[id]?.channel(number)?.unacked[tag].map { ($0.queue.name, $0.entry.message) }
    }
}
