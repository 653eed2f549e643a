/// The bounds of the storage side, and what happens at each.
public struct StorageLimits: Sendable, Hashable {
    /// Versions of all images together. At it: `STORAGE_FULL` for what would add one.
    public var versionsMax = 4_000_000
    /// Operations with an effect that are remembered with their reply. Within the retention none is given up, because
    /// a retry would then be carried out twice: at the bound, `STORAGE_FULL` for every operation with an effect.
    public var rememberedOperationsMax = 2_000_000
    /// How long an operation is remembered at least, in milliseconds.
    public var operationRetentionMs: Int64 = 24 * 3_600_000
    /// Operations without an effect whose payload is remembered, only to tell another payload under the same id.
    /// At it the oldest is forgotten.
    public var notedOperationsMax = 10_000
    /// Events that wait to be published. At it: `STORAGE_FULL` for every operation with an effect.
    public var pendingEventsMax = 100_000
    /// Bytes of one request's body. Over it the request counts as malformed.
    public var requestBytesMax = 1_048_576
    /// Requests that are handled at the same time: the consumer's prefetch count. Further ones wait in the queue.
    public var prefetch = 128
    /// Events that wait to be published from which on no further request is taken until some have gone: where effects
    /// come faster than the hub takes their events, requests wait in the queue.
    public var eventBacklogMax = 5_000
    /// Events that are published at the same time.
    public var eventBatchMax = 128
    /// Bytes of one asset. Over it: 413 `FILE_TOO_LARGE`.
    public var assetBytesMax = 256 * 1_048_576
    /// Bytes of all assets together. Over it: 507 `STORAGE_FULL`.
    public var assetBytesTotalMax = 4 * 1_073_741_824
    /// How long an asset that no version refers to is kept at least, in milliseconds, from its last `PUT` or release.
    public var assetRetentionMs: Int64 = 3_600_000
    /// How often assets and operations that have had their time are cleared away, in milliseconds.
    public var housekeepingIntervalMs: Int64 = 60_000
    /// Assets or operations that are cleared away in one transaction, so that none holds the store for long.
    public var housekeepingBatchMax = 1000

    public init() {}
}
