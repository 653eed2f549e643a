import AMQP

/// Limits of a queue's length (`x-max-length`, `x-max-length-bytes`) and of the hub's memory.
extension Broker {
    /// Whether the queue refuses a new message; with `reject-publish-dlx` the message is dead-lettered.
    mutating func refusesNew(_ message: Message, _ queue: Queue) -> Bool {
        let size = message.sizeBytes
        if memory.publishedBytes + size > limits.totalBytesMax { return true }
        if queue.ready.bytes + queue.unackedBytes + size > limits.queueBytesMax { return true }
        let options = queue.options
        switch options.overflow ?? .dropHead {
        case .dropHead: return false
        case .rejectPublish, .rejectPublishDeadLetter: break
        }
        let isTooLong =
            options.lengthMax.map { Int64(queue.ready.count) + 1 > $0 } ?? false
            || options.bytesMax.map { Int64(queue.ready.bodyBytes + message.body.count) > $0 } ?? false
        guard isTooLong else { return false }
        if options.overflow == .rejectPublishDeadLetter {
            let entry = QueuedMessage(message: message, position: 0, expiresAt: .never)
            discard(entry, from: queue, .maxLength)
        }
        return true
    }

    /// Drops from the front what is over the limits (`drop-head`).
    /// - Returns: whether something was dropped.
    @discardableResult
    mutating func dropOverflow(_ queue: Queue) -> Bool {
        let options = queue.options
        guard options.lengthMax != nil || options.bytesMax != nil, options.overflow ?? .dropHead == .dropHead else {
            return false
        }
        var isDropped = false
        while !queue.ready.isEmpty,
            Int64(queue.ready.count) > options.lengthMax ?? .max
                || Int64(queue.ready.bodyBytes) > options.bytesMax ?? .max
        {
            guard let entry = queue.ready.popFirst() else { break }
            isDropped = true
            memory.messageBytes -= entry.message.sizeBytes
            discard(entry, from: queue, .maxLength)
        }
        relieve()
        return isDropped
    }

    /// Whether messages take so much memory that publishers must stop.
    var isOverloaded: Bool { memory.publishedBytes >= limits.totalBytesHigh }

    /// Blocks a connection that publishes: it is told, if it understands that, and not read from.
    mutating func block(_ connection: BrokerConnection) {
        isBlocking = true
        connection.isBlocked = true
        if connection.profile.takesBlocked {
            let blocked = ConnectionBlocked(reason: "low on memory")
            directives.append(.send(connection.id, channel: 0, .connectionBlocked(blocked)))
        }
        if !connection.isHeldBack { directives.append(.pauseReading(connection.id)) }
    }

    /// Lets publishers go on when memory is a tenth below the limit.
    mutating func relieve() {
        guard isBlocking, memory.publishedBytes < limits.totalBytesHigh / 10 * 9 else { return }
        isBlocking = false
        for connection in connections.values.filter(\.isBlocked).sorted(by: { $0.id.rawValue < $1.id.rawValue }) {
            connection.isBlocked = false
            if connection.profile.takesBlocked {
                directives.append(.send(connection.id, channel: 0, .connectionUnblocked))
            }
            if !connection.isHeldBack { directives.append(.resumeReading(connection.id)) }
        }
    }
}
