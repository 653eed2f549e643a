import DequeModule

/// The messages of a queue that wait for a consumer: by priority, and in one priority by their place in the queue.
struct ReadyMessages {
    /// One for each priority, the lowest first; a queue without priorities has one.
    private var levels: [Deque<QueuedMessage>]
    private(set) var count = 0
    /// The most messages since memory was last given back.
    private var countPeak = 0
    /// What they cost in memory.
    private(set) var bytes = 0
    /// Their bodies alone, which is what `x-max-length-bytes` counts.
    private(set) var bodyBytes = 0

    init(priorityMax: UInt8?) {
        levels = Array(repeating: Deque(), count: Int(priorityMax ?? 0) + 1)
    }

    var isEmpty: Bool { count == 0 }

    /// The message that is delivered next.
    var first: QueuedMessage? {
        if levels.count == 1 { return levels[0].first }
        for level in levels.reversed() {
            if let first = level.first { return first }
        }
        return nil
    }

    /// Appends a message that is new in the queue.
    mutating func append(_ message: QueuedMessage) {
        levels[Int(message.priority)].append(message)
        countIn(message)
    }

    mutating func popFirst() -> QueuedMessage? {
        var level = levels.count - 1
        while level > 0, levels[level].isEmpty { level -= 1 }
        guard let message = levels[level].popFirst() else { return nil }
        countOut(message)
        if levels.count > 1, levels[level].isEmpty { levels[level] = Deque() }
        giveBackMemory()
        return message
    }

    /// Gives back memory that is mostly unused: a queue that was long once is not to cost so much for ever.
    private mutating func giveBackMemory() {
        guard countPeak > 256, count < countPeak / 4 else { return }
        for level in levels.indices {
            var smaller = Deque<QueuedMessage>(minimumCapacity: levels[level].count)
            smaller.append(contentsOf: levels[level])
            levels[level] = smaller
        }
        countPeak = count
    }

    /// Puts messages back to the places that they had.
    mutating func putBack(_ messages: [QueuedMessage]) {
        for message in messages { countIn(message) }
        if messages.count == 1 { return putBackOne(messages[0]) }
        let sorted = messages.sorted { ($0.priority, $0.position) < ($1.priority, $1.position) }
        var start = sorted.startIndex
        while start < sorted.endIndex {
            let priority = sorted[start].priority
            let end = sorted[start...].firstIndex { $0.priority != priority } ?? sorted.endIndex
            merge(sorted[start..<end], into: Int(priority))
            start = end
        }
    }

    private mutating func putBackOne(_ message: QueuedMessage) {
        let level = Int(message.priority)
        guard let first = levels[level].first, first.position < message.position else {
            return levels[level].prepend(message)
        }
        var low = 0
        var high = levels[level].count
        while low < high {
            let middle = (low + high) / 2
            if levels[level][middle].position < message.position { low = middle + 1 } else { high = middle }
        }
        levels[level].insert(message, at: low)
    }

    private mutating func merge(_ returned: ArraySlice<QueuedMessage>, into level: Int) {
        guard let first = levels[level].first, let last = returned.last, first.position < last.position else {
            for message in returned.reversed() { levels[level].prepend(message) }
            return
        }
        var merged = Deque<QueuedMessage>(minimumCapacity: returned.count + levels[level].count)
        var rest = returned
        for waiting in levels[level] {
            while let next = rest.first, next.position < waiting.position { merged.append(rest.removeFirst()) }
            merged.append(waiting)
        }
        merged.append(contentsOf: rest)
        levels[level] = merged
    }

    /// Empties it and gives back the memory.
    mutating func removeAll() {
        for level in levels.indices { levels[level].removeAll() }
        count = 0
        countPeak = 0
        bytes = 0
        bodyBytes = 0
    }

    private mutating func countIn(_ message: QueuedMessage) {
        count += 1
        if count > countPeak { countPeak = count }
        bytes += message.message.sizeBytes
        bodyBytes += message.message.body.count
    }

    private mutating func countOut(_ message: QueuedMessage) {
        count -= 1
        bytes -= message.message.sizeBytes
        bodyBytes -= message.message.body.count
    }

    /// The first messages in the order of delivery; for looking only.
    func prefix(_ most: Int) -> [QueuedMessage] {
        var found: [QueuedMessage] = []
        for level in levels.reversed() where found.count < most {
            found.append(contentsOf: level.prefix(most - found.count))
        }
        return found
    }
}
