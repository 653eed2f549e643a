/// A record store in memory: fast, and gone with the process.
public actor MemoryRecordStore: RecordStore {
    private let records: MemoryRecords

    public init(limits: StorageLimits = StorageLimits()) { records = MemoryRecords(limits: limits) }

    public func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        let (outcome, changes) = try decide(records)
        // Nothing below can fail, so it is all or nothing.
        for change in changes { records.apply(change) }
        return outcome
    }
}
