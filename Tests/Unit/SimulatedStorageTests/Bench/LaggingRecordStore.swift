import MessageHub
import SimulatedStorage
import Synchronization

/// A memory store that takes now longer, now shorter: who asks first is not always served first.
final class LaggingRecordStore: RecordStore {
    private let store = MemoryRecordStore()
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

    func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        for _ in 0..<generator.withLock({ Int.random(in: 0...20, using: &$0) }) { await Task.yield() }
        return try await store.transact(access, decide)
    }
}
