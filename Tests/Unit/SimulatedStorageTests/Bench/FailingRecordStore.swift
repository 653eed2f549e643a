import SimulatedStorage
import Synchronization

/// A memory store whose writing transactions fail a number of times first.
final class FailingRecordStore: RecordStore {
    private let store = MemoryRecordStore()
    private let failures: Mutex<Int>
    private let isLate: Bool

    /// - Parameter isLate: whether it fails only after the decision, as a disk that is full does.
    init(failures: Int, isLate: Bool = false) {
        self.failures = Mutex(failures)
        self.isLate = isLate
    }

    func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        let fails = failures.withLock { left in
            guard access == .writing, left > 0 else { return false }
            left -= 1
            return true
        }
        if fails {
            if isLate {
                _ = try await store.transact(.reading) { reader throws(RecordStoreError) in
                    (try decide(reader).0, [])
                }
            }
            throw RecordStoreError("disk I/O error")
        }
        return try await store.transact(access, decide)
    }
}
