import DequeModule

/// The consumers of a queue and whose turn it is: the highest priority first, within it in turn.
///
/// A consumer that cannot take when its turn comes is parked with its channel, so that a thousand full consumers cost
/// nothing; when it can take again it goes to the end of its priority.
struct ConsumerRotation {
    /// All consumers, in the order in which they came.
    private(set) var all: [Consumer] = []
    /// Those that are not parked, whose turn comes first in front.
    private var turns = Deque<Consumer>()
    /// With a single active consumer, the one.
    private(set) var single: Consumer?
    private let isSingleActive: Bool

    init(isSingleActive: Bool) { self.isSingleActive = isSingleActive }

    var isEmpty: Bool { all.isEmpty }
    var count: Int { all.count }

    mutating func add(_ consumer: Consumer) {
        all.append(consumer)
        if isSingleActive {
            guard single == nil else { return }
            single = consumer
        }
        enqueue(consumer)
    }

    mutating func remove(_ consumer: Consumer) {
        all.removeAll { $0 === consumer }
        turns.removeAll { $0 === consumer }
        guard isSingleActive, single === consumer else { return }
        single = all.first
        if let single { enqueue(single) }
    }

    /// Removes many at once.
    mutating func remove(_ leaving: Set<ObjectIdentifier>) {
        all.removeAll { leaving.contains(ObjectIdentifier($0)) }
        turns.removeAll { leaving.contains(ObjectIdentifier($0)) }
        guard isSingleActive, let former = single, leaving.contains(ObjectIdentifier(former)) else { return }
        single = all.first
        if let single { enqueue(single) }
    }

    /// Lets go of all, when the broker ends.
    mutating func removeAll() {
        all.removeAll()
        turns.removeAll()
        single = nil
    }

    /// Whose turn it is, among those that can take; those that cannot are parked on the way.
    mutating func next() -> Consumer? {
        while let consumer = turns.first {
            if consumer.canTake { return consumer }
            turns.removeFirst()
            consumer.channel.parked.append(consumer)
        }
        return nil
    }

    /// The consumer in front has had its turn.
    mutating func rotate() {
        guard turns.count > 1 else { return }
        let consumer = turns.removeFirst()
        enqueue(consumer)
    }

    /// Takes a parked consumer back in.
    mutating func unpark(_ consumer: Consumer) {
        if isSingleActive, single !== consumer { return }
        enqueue(consumer)
    }

    /// Puts it behind all of its priority.
    private mutating func enqueue(_ consumer: Consumer) {
        var index = turns.endIndex
        while index > turns.startIndex, turns[index - 1].priority < consumer.priority { index -= 1 }
        turns.insert(consumer, at: index)
    }
}
