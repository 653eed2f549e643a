import SimulatedStorage
import Synchronization

/// A memory store whose writing transactions fail a number of times first.
final class FailingRecordStore: RecordStore {
    private let store = MemoryRecordStore()
    private let failures: Mutex<Int>

    init(failures: Int) { self.failures = Mutex(failures) }

    func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        let fails = failures.withLock { left in
            guard access == .writing, left > 0 else { return false }
            left -= 1
            return true
        }
        if fails { throw RecordStoreError("disk I/O error") }
        return try await store.transact(access, decide)
    }
}
