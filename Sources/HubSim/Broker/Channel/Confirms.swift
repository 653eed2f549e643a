/// The publisher confirms of one channel: sequence numbers, and which of them may be confirmed but are not yet said.
///
/// Confirms are said once a batch, so that a thousand publishes that came in one read need one `basic.ack`.
struct Confirms {
    /// The number of the last publish; the first is 1.
    private(set) var lastSequence: UInt64 = 0
    /// The first and last publish that are settled and not yet confirmed; they have no gap between them.
    private var settled: ClosedRange<UInt64>?

    /// Whether there is something to say.
    var isPending: Bool { settled != nil }

    /// Counts a publish.
    mutating func next() -> UInt64 {
        lastSequence += 1
        return lastSequence
    }

    /// The publish is taken. Publishes are settled in the order in which they came.
    mutating func settle(_ sequence: UInt64) {
        settled = (settled?.lowerBound ?? sequence)...sequence
    }

    /// What is to be confirmed, once.
    mutating func take() -> ClosedRange<UInt64>? {
        defer { settled = nil }
        return settled
    }
}
