import AMQP
import HeapModule

/// A time at which a queue or a channel is to be looked at. It may have become needless by then.
struct NotedDeadline: Comparable {
    enum Subject {
        case queue(Queue)
        case channel(BrokerChannel)
    }

    let at: Instant
    let subject: Subject

    static func < (left: NotedDeadline, right: NotedDeadline) -> Bool { left.at < right.at }
    static func == (left: NotedDeadline, right: NotedDeadline) -> Bool { left.at == right.at }

    /// Whether what it is about is still there.
    var isLive: Bool {
        switch subject {
        case .queue(let queue): !queue.isDeleted && queue.notedDeadline == at
        case .channel(let channel): !channel.isReleased && channel.notedDeadline == at
        }
    }
}

/// What happens as time passes: messages and queues expire, deliveries stay unacknowledged for too long.
extension Broker {
    /// When `timePassed` is to be applied next; nil: no need to.
    package var nextDeadline: Instant? { deadlines.min?.at }

    mutating func reachDeadlines() {
        while let next = deadlines.min, next.at <= now {
            deadlines.removeMin()
            guard next.isLive else { continue }
            switch next.subject {
            case .queue(let queue):
                queue.notedDeadline = .never
                reachDeadline(of: queue)
            case .channel(let channel):
                channel.notedDeadline = .never
                reachDeadline(of: channel)
            }
        }
    }

    private mutating func reachDeadline(of queue: Queue) {
        if let ms = queue.options.expiresMs, queue.consumers.isEmpty, queue.lastUsed.adding(milliseconds: ms) <= now {
            return delete(queue)
        }
        dropExpired(queue)
        noteDeadline(of: queue)
    }

    private mutating func reachDeadline(of channel: BrokerChannel) {
        for message in channel.unacked.all {
            let ms = timeoutMs(message.queue)
            guard message.deliveredAt.adding(milliseconds: ms) <= now else { continue }
            let error = ProtocolError(
                .preconditionFailed,
                "delivery acknowledgement on channel \(channel.number) timed out. Timeout value used: \(ms) ms."
                    + " This timeout value can be configured, see consumers doc guide to learn more"
            )
            return fail(channel, error)
        }
        noteDeadline(of: channel)
    }

    /// When a message that comes into the queue now expires.
    func expiry(of message: Message, in queue: Queue) -> Instant {
        var ms = queue.options.messageTTLMs
        if let text = message.properties.expiration, let own = try? Expiration.milliseconds(text) {
            ms = min(ms ?? own, own)
        }
        return ms.map { now.adding(milliseconds: $0) } ?? .never
    }

    /// Drops what has expired at the front. Behind a message that has not, expired ones wait their turn, also those of a
    /// lower priority, as in RabbitMQ.
    mutating func dropExpired(_ queue: Queue) {
        guard let first = queue.ready.first, first.expiresAt <= now else { return }
        while let first = queue.ready.first, first.expiresAt <= now, let entry = queue.ready.popFirst() {
            memory.messageBytes -= entry.message.sizeBytes
            discard(entry, from: queue, .expired)
        }
        relieve()
    }

    /// Notes when the queue is to be looked at next, unless an earlier time is noted.
    mutating func noteDeadline(of queue: Queue) {
        var at = queue.ready.first?.expiresAt ?? .never
        if let ms = queue.options.expiresMs, queue.consumers.isEmpty {
            at = min(at, queue.lastUsed.adding(milliseconds: ms))
        }
        guard at < queue.notedDeadline, !queue.isDeleted else { return }
        queue.notedDeadline = at
        note(NotedDeadline(at: at, subject: .queue(queue)))
    }

    /// Notes when a delivery of the channel will have been unacknowledged for too long, unless an earlier time is noted.
    mutating func noteDeadline(of channel: BrokerChannel) {
        var at = Instant.never
        for message in channel.unacked.all {
            at = min(at, message.deliveredAt.adding(milliseconds: timeoutMs(message.queue)))
        }
        noteDeadline(of: channel, at)
    }

    /// Notes a time for the channel, unless an earlier one is noted.
    mutating func noteDeadline(of channel: BrokerChannel, _ at: Instant) {
        guard at < channel.notedDeadline else { return }
        channel.notedDeadline = at
        note(NotedDeadline(at: at, subject: .channel(channel)))
    }

    /// How long a delivery from the queue may stay unacknowledged.
    func timeoutMs(_ queue: Queue) -> Int64 {
        guard configuration.personality.knowsConsumerTimeout else { return limits.acknowledgementMs }
        return queue.options.consumerTimeoutMs ?? limits.acknowledgementMs
    }

    /// Keeps a deadline; throws needless ones away when they have become many.
    private mutating func note(_ deadline: NotedDeadline) {
        deadlines.insert(deadline)
        guard deadlines.count >= deadlinesBeforeCleaning else { return }
        deadlines = Heap(deadlines.unordered.filter(\.isLive))
        deadlinesBeforeCleaning = max(1024, 2 * deadlines.count)
    }
}
