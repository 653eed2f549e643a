import HubProtocol
import Logging
import MessageHub
import Synchronization

/// One storage with everything that acts on it: what all its instances share, and what a namespace has one of.
///
/// The engine decides, the stores keep; this is the shell around both that brings time, ids and a place for errors.
public final class StorageCore: Sendable {
    public let engine: StorageEngine
    public let records: any RecordStore
    public let assets: AssetLibrary
    public let outbox: EventOutbox
    private let life: StoreLife
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
        life = StoreLife(isFresh: records == nil)
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
    public func carryOut(_ request: StorageRequest) async -> Decision { await carryOut(request, .asAsked) }

    /// How an operation is carried out: as it should be, or as a fault has it.
    enum Manner: Sendable {
        case asAsked
        /// Nothing of it is kept.
        case losingEffect
        /// On the state in which one image is as it was before.
        case onPast(ImagePast)
    }

    /// Carries out a request in some manner.
    /// - Parameters:
    ///   - requestIDs: where its ids come from; nil: where the core's come from.
    ///   - conduct: how a mode has it decided.
    ///   - notePast: told what the image was like before the effect, if there is one.
    func carryOut(
        _ request: StorageRequest,
        _ manner: Manner,
        ids requestIDs: RequestIDs? = nil,
        conduct: (any Conduct)? = nil,
        notePast: (@Sendable (ImagePast) -> Void)? = nil
    ) async -> Decision {
        let hasEffect = OperationName(rawValue: request.operation)?.hasEffect ?? false
        let notesPast = notePast != nil
        let expected = Mutex(0)
        let decision: Decision
        let past: ImagePast?
        do {
            if hasEffect { try await life.look(at: records) }
            (decision, past) = try await records.transact(hasEffect ? .writing : .reading) {
                reader throws(RecordStoreError) in
                var state = reader
                if case .onPast(let past) = manner { state = StaleReader(present: reader, past: past) }
                let question = Question(
                    request: request,
                    engine: self.engine,
                    now: self.time.timestamp(),
                    ids: requestIDs?.source(life: self.life) ?? self.ids,
                    reader: state
                )
                var decision: Decision
                if let conduct {
                    decision = try conduct.decide(question)
                } else {
                    decision = try question.decide()
                }
                if case .losingEffect = manner { decision = decision.withoutChanges(operationID: request.operationID) }
                let past = notesPast ? try ImagePast(before: decision.changes, reading: reader) : nil
                // A store may ask again for the same decision; only the last counts.
                expected.withLock { expected in
                    self.outbox.expect(decision.events.count - expected)
                    expected = decision.events.count
                }
                return ((decision, past), decision.changes)
            }
        } catch {
            outbox.removed(expected.withLock { $0 })
            logger.error(
                "Storage failed",
                metadata: [
                    "operation": .string(request.operation), "operation_id": .string(request.operationID),
                    "reason": .string(error.description),
                ]
            )
            return Decision(.outcome(.failed(error.isFull ? .full("records") : .internalError)))
        }
        if let past { notePast?(past) }
        if !decision.events.isEmpty { outbox.arrived() }
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

    /// Removes all images, assets, remembered operations and events.
    func removeEverything() async throws {
        let never = Timestamp(millisecondsSinceEpoch: Self.farFutureMs)
        let batch = engine.limits.housekeepingBatchMax
        var isMore = true
        while isMore {
            let forgotten: Int
            (isMore, forgotten) = try await records.transact(.writing) { reader throws(RecordStoreError) in
                let images = try reader.images(matching: ImageFilter(), skip: 0, limit: batch)
                let events = try reader.pendingEvents(limit: batch)
                let operations = try reader.usage().operations
                var changes = images.map { Change.deleteImage(id: $0.id, releasedAt: self.time.timestamp()) }
                if !events.isEmpty { changes.append(.forgetEvents(sequences: Set(events.map(\.sequence)))) }
                if operations > 0 { changes.append(.forgetOperations(before: never, limit: batch)) }
                return ((!changes.isEmpty, events.count), changes)
            }
            outbox.removed(forgotten)
        }
        try await assets.removeIdle(since: never)
        life.beginAnew()
    }

    /// The end of the year 9999.
    private static let farFutureMs: Int64 = 253_402_300_799_999

    /// How much there is of everything.
    public func usage() async throws(RecordStoreError) -> StoreUsage {
        try await records.transact(.reading) { reader throws(RecordStoreError) in (try reader.usage(), []) }
    }
}
