import SimulatedStorage

/// A memory store that has done what it was asked to, and tells so only when it is let go: in between everybody else
/// can see it.
final class HeldRecordStore: RecordStore {
    /// Where a writing transaction is held, once `isHolding`.
    let gate = Gate()
    private let store = MemoryRecordStore()
    private let holds: @Sendable (any RecordReader) -> Bool

    /// - Parameter holds: whether a writing transaction that begins on this state is to be held after it.
    init(holds: @escaping @Sendable (any RecordReader) -> Bool) { self.holds = holds }

    func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        let (outcome, isHeld) = try await store.transact(access) { reader throws(RecordStoreError) in
            let isHeld = access == .writing && self.holds(reader)
            let (outcome, changes) = try decide(reader)
            return ((outcome, isHeld && !changes.isEmpty), changes)
        }
        if isHeld { await gate.pass() }
        return outcome
    }
}
