import HubProtocol

/// The rules of assets (contract §4, §7) as decisions on a state: what a `PUT`, a `DELETE` and collecting come to.
struct AssetRules: Sendable {
    let limits: StorageLimits

    /// Whether the asset is there, for a `PUT` that begins: then its bytes need not be kept again. It counts as put, so
    /// that it is not collected meanwhile.
    func meet(
        _ name: String,
        at now: Timestamp,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> (isThere: Bool, changes: [Change]) {
        try reader.asset(name) == nil ? (false, []) : (true, [.touchAsset(name: name, at: now)])
    }

    /// What becomes of bytes that have been written: a new asset, or nothing where another `PUT` was faster.
    func keep(
        _ asset: StoredAsset,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> (isNew: Bool, changes: [Change]) {
        try reader.asset(asset.name) == nil
            ? (true, [.insertAsset(asset)]) : (false, [.touchAsset(name: asset.name, at: asset.idleSince)])
    }

    /// What a `DELETE` comes to.
    enum Removal: Sendable, Hashable {
        case removed(BlobID)
        case unknown
        case inUse
    }

    func remove(
        _ name: String,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> (outcome: Removal, changes: [Change]) {
        guard let asset = try reader.asset(name) else { return (.unknown, []) }
        guard asset.references == 0 else { return (.inUse, []) }
        return (.removed(asset.blob), [.removeAsset(name: name)])
    }

    /// Which assets are to be collected now: nothing refers to them, and their time is over.
    func collect(
        at now: Timestamp,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> (blobs: [BlobID], changes: [Change]) {
        let idle = try reader.idleAssets(
            since: now.adding(milliseconds: -limits.assetRetentionMs),
            limit: limits.housekeepingBatchMax
        )
        return (idle.map(\.blob), idle.map { .removeAsset(name: $0.name) })
    }
}
