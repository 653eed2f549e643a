import Octets

/// The parts in which deliveries that a client settles at once reach their queues.
///
/// As in RabbitMQ: one queue after the other, by their names; in each of them every answer to `basic.get` by itself, and
/// then consumer by consumer, by their tags. Each part is over, and what it sets free delivered, before the next begins.
struct SettledTogether: Sequence, IteratorProtocol {
    private var left: ArraySlice<UnackedMessage>

    /// - Parameter messages: deliveries of one channel.
    init(_ messages: [UnackedMessage]) {
        // Mostly all went to one consumer, and are in order; only a transaction has them as its client settled them.
        let isOnePart = zip(messages, messages.dropFirst())
            .allSatisfy { $0.consumer != nil && $0.consumer === $1.consumer && $0.tag < $1.tag }
        left = isOnePart ? messages[...] : messages.sorted { $0.isSettled(before: $1) }[...]
    }

    mutating func next() -> ArraySlice<UnackedMessage>? {
        guard let first = left.first else { return nil }
        let end = left.firstIndex { first.isSettled(apartFrom: $0) } ?? left.endIndex
        defer { left = left[end...] }
        return left[..<end]
    }
}

extension UnackedMessage {
    fileprivate func isSettled(before other: UnackedMessage) -> Bool {
        if queue !== other.queue, !queue.name.isExactly(other.queue.name) {
            return queue.name.isExactly(before: other.queue.name)
        }
        switch (consumer?.tag, other.consumer?.tag) {
        case (let one?, let another?) where !one.isExactly(another): return one.isExactly(before: another)
        case (nil, _?): return true
        case (_?, nil): return false
        case (nil, nil), (_?, _?): return tag < other.tag
        }
    }

    /// Whether another one, that comes later, is of another part.
    fileprivate func isSettled(apartFrom other: UnackedMessage) -> Bool {
        if tag == other.tag { return false }
        guard queue.name.isExactly(other.queue.name), let consumer, let another = other.consumer else { return true }
        return consumer !== another && !consumer.tag.isExactly(another.tag)
    }
}
