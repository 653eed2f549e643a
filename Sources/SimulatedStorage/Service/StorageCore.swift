import HubProtocol
import Logging
import MessageHub

/// One storage with everything that acts on it: what all its instances share, and what a namespace has one of.
///
/// The engine decides, the stores keep; this is the shell around both that brings time, ids and a place for errors.
public final class StorageCore: Sendable {
    public let engine: StorageEngine
    public let records: any RecordStore
    public let assets: AssetLibrary
    public let outbox: EventOutbox
    private let time: TimeSource
    private let ids: IDSource
    private let logger: Logger

    /// - Parameters:
    ///   - records: where records are kept; fresh stores in memory where nothing else is given.
    ///   - assetStore: where the bytes of assets are kept.
    public init(
        limits: StorageLimits = StorageLimits(),
        records: (any RecordStore)? = nil,
        assetStore: (any AssetStore)? = nil,
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger
    ) {
        let records = records ?? MemoryRecordStore(limits: limits)
        engine = StorageEngine(limits: limits)
        self.records = records
        assets = AssetLibrary(
            limits: limits,
            records: records,
            bytes: assetStore ?? MemoryAssetStore(bytesMax: limits.assetBytesTotalMax),
            time: time,
            logger: logger
        )
        outbox = EventOutbox(records: records, backlogMax: limits.eventBacklogMax)
        self.time = time
        self.ids = ids
        self.logger = logger
    }

    /// Carries out a request. When this returns, its effect is as durable as the store is.
    ///
    /// A store that fails gives `INTERNAL_ERROR`, and `STORAGE_FULL` where its medium is full; nothing of the operation remains then, and it may be tried again.
    public func carryOut(_ request: StorageRequest) async -> Decision {
        let hasEffect = OperationName(rawValue: request.operation)?.hasEffect ?? false
        let decision: Decision
        do {
            decision = try await records.transact(hasEffect ? .writing : .reading) {
                reader throws(RecordStoreError) in
                let decision = try self.engine.decide(
                    request,
                    at: self.time.timestamp(),
                    ids: self.ids,
                    reading: reader
                )
                return (decision, decision.changes)
            }
        } catch {
            logger.error(
                "Storage failed",
                metadata: [
                    "operation": .string(request.operation), "operation_id": .string(request.operationID),
                    "reason": .string(error.description),
                ]
            )
            return Decision(.outcome(.failed(error.isFull ? .full("records") : .internalError)))
        }
        if !decision.events.isEmpty { outbox.added(decision.events.count) }
        return decision
    }

    /// Clears away, once: assets that have been idle for their time, and operations whose retention is over.
    public func housekeep() async throws {
        try await assets.collect()
        let limits = engine.limits
        let kept = time.timestamp().adding(milliseconds: -limits.operationRetentionMs)
        var isMore = true
        while isMore {
            isMore = try await records.transact(.writing) { reader throws(RecordStoreError) in
                guard let oldest = try reader.usage().oldestOperation, oldest < kept else { return (false, []) }
                return (true, [.forgetOperations(before: kept, limit: limits.housekeepingBatchMax)])
            }
        }
    }

    /// How much there is of everything.
    public func usage() async throws(RecordStoreError) -> StoreUsage {
        try await records.transact(.reading) { reader throws(RecordStoreError) in (try reader.usage(), []) }
    }
}
