import DequeModule

/// One delivery that waits for its acknowledgement.
struct UnackedMessage {
    let tag: UInt64
    let queue: Queue
    /// The consumer it went to; nil for `basic.get`.
    let consumer: Consumer?
    let entry: QueuedMessage
    /// When it was delivered; `x-consumer-timeout` counts from there.
    let deliveredAt: Instant

    /// The same delivery under another tag.
    func with(tag: UInt64) -> UnackedMessage {
        UnackedMessage(tag: tag, queue: queue, consumer: consumer, entry: entry, deliveredAt: deliveredAt)
    }
}

/// The deliveries of a channel that wait for acknowledgements, by delivery tag.
///
/// Tags only grow, and clients mostly acknowledge in order, so a deque with gaps in it finds the front at once and
/// everything else by halving. Gaps are closed when there are more of them than deliveries.
struct UnackedMessages {
    private var entries = Deque<UnackedMessage?>()
    private var tags = Deque<UInt64>()
    private(set) var count = 0
    /// The most entries since memory was last given back.
    private var entriesPeak = 0

    var isEmpty: Bool { count == 0 }

    /// The oldest.
    var first: UnackedMessage? { entries.first ?? nil }

    mutating func append(_ message: UnackedMessage) {
        entries.append(message)
        tags.append(message.tag)
        count += 1
        if entries.count > entriesPeak { entriesPeak = entries.count }
    }

    /// The delivery of this tag.
    subscript(tag: UInt64) -> UnackedMessage? { index(of: tag).flatMap { entries[$0] } }

    /// Gives each of two deliveries the other's tag. One that does not wait for an acknowledgement has none to give.
    mutating func exchangeTags(_ first: UInt64, _ second: UInt64) {
        let indices = (index(of: first), index(of: second))
        let (one, other) = (indices.0.flatMap { entries[$0] }, indices.1.flatMap { entries[$0] })
        if let index = indices.0 { entries[index] = other.map { $0.with(tag: first) } }
        if let index = indices.1 { entries[index] = one.map { $0.with(tag: second) } }
    }

    /// Takes the delivery of this tag.
    mutating func remove(_ tag: UInt64) -> UnackedMessage? {
        guard let index = index(of: tag), let message = entries[index] else { return nil }
        entries[index] = nil
        count -= 1
        closeGaps()
        return message
    }

    /// Takes a delivery that has not gone out. Where it is the last one, its tag may come again.
    mutating func takeBack(_ tag: UInt64) -> UnackedMessage? {
        let message = remove(tag)
        while let last = entries.last, last == nil {
            entries.removeLast()
            tags.removeLast()
        }
        return message
    }

    /// Takes all deliveries up to this tag, which must be among them; a tag of 0 takes all there are.
    mutating func removeAll(through tag: UInt64) -> [UnackedMessage]? {
        if tag != 0 {
            guard let index = index(of: tag), entries[index] != nil else { return nil }
        }
        var taken: [UnackedMessage] = []
        while let first = tags.first, tag == 0 || first <= tag {
            tags.removeFirst()
            if let message = entries.removeFirst() { taken.append(message) }
        }
        count -= taken.count
        closeGaps()
        return taken
    }

    /// Puts deliveries back that were taken, as if nothing had been (`tx.rollback`).
    mutating func restore(_ messages: [UnackedMessage]) {
        let all = (entries.compactMap { $0 } + messages).sorted { $0.tag < $1.tag }
        entries = Deque(all)
        tags = Deque(all.map(\.tag))
        count = all.count
    }

    /// All of them, oldest first; for looking only.
    var all: [UnackedMessage] { entries.compactMap { $0 } }

    private func index(of tag: UInt64) -> Int? {
        if tags.first == tag { return tags.startIndex }
        var low = 0
        var high = tags.count
        while low < high {
            let middle = (low + high) / 2
            if tags[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low < tags.count && tags[low] == tag ? low : nil
    }

    private mutating func closeGaps() {
        while let first = entries.first, first == nil {
            entries.removeFirst()
            tags.removeFirst()
        }
        let isFullOfGaps = entries.count > 64 && entries.count > 2 * count
        let isLongerThanNeeded = entriesPeak > 256 && entries.count < entriesPeak / 4
        guard isFullOfGaps || isLongerThanNeeded else { return }
        let left = entries.compactMap { $0 }
        entries = Deque(left)
        tags = Deque(left.map(\.tag))
        entriesPeak = entries.count
    }
}
