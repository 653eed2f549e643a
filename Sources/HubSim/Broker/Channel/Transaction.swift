/// What waits for `tx.commit` on one channel.
struct Transaction {
    /// A publish that was checked and routed, and waits to be put into its queues.
    struct Publish {
        let message: Message
        let queues: [Queue]
        let isMandatory: Bool
    }

    /// Acknowledgements that came; the deliveries are no longer unacknowledged, but come back on rollback.
    struct Settlement {
        let messages: [UnackedMessage]
        let outcome: SettlementOutcome
    }

    var publishes: [Publish] = []
    var publishedBytes = 0
    var settlements: [Settlement] = []
    var settledCount = 0

    /// How many publishes and acknowledgements wait.
    var count: Int { publishes.count + settledCount }
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
