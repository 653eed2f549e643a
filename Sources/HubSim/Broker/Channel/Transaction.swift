/// What waits for `tx.commit` on one channel.
struct Transaction {
    /// A publish that was checked and routed, and waits to be put into its queues.
    struct Publish {
        let message: Message
        let queues: [Queue]
        let isMandatory: Bool
        /// Whether a fault gives it back at the commit, whoever would take it.
        var isReturned = false

        /// What it costs in memory.
        var sizeBytes: Int { message.sizeBytes + queues.count * MemoryLayout<Queue>.size }
    }

    /// Acknowledgements that came; the deliveries are no longer unacknowledged, but come back on rollback.
    struct Settlement {
        var messages: [UnackedMessage]
        let outcome: SettlementOutcome
    }

    var publishes: [Publish] = []
    var publishedBytes = 0
    private(set) var settlements: [Settlement] = []
    private(set) var settledCount = 0

    /// How many publishes and acknowledgements wait.
    var count: Int { publishes.count + settledCount }

    /// Adds an acknowledgement. As in RabbitMQ, what comes one after the other and wants the same is carried out as one.
    mutating func append(_ messages: [UnackedMessage], _ outcome: SettlementOutcome) {
        settledCount += messages.count
        guard let last = settlements.indices.last, settlements[last].outcome == outcome else {
            return settlements.append(Settlement(messages: messages, outcome: outcome))
        }
        settlements[last].messages += messages
    }
}

/// What a client wants done with a delivery.
enum SettlementOutcome {
    /// It is dealt with.
    case acknowledged
    /// It goes back to its place.
    case requeued
    /// It is dead-lettered or dropped.
    case rejected
}
