import Glibc
import HubProtocol
import Logging
import MessageHub
import SimulatedStorage

/// The stores of a data directory: records in SQLite, assets in files. What was acknowledged survives `kill -9`.
///
///     let store = try DurableStore(directory: "/var/lib/storage", time: .system, logger: logger)
///     let core = StorageCore(records: store.records, assetStore: store.assets, time: .system, logger: logger)
///     // services: store.strayFileRemover
///     try store.close()
///
/// One process has a directory at a time; others are refused while it lives.
public final class DurableStore: Sendable {
    public let records: SQLiteRecordStore
    public let assets: FileAssetStore
    /// Clears away files that belong to no asset.
    public let strayFileRemover: StrayFileRemover
    /// What was found at the start.
    let findings: AssetInventory.Findings
    // Held for its lock.
    private let directory: DataDirectory

    /// Lost assets whose names are logged; of the others, only how many there are.
    private static let namesLoggedMax = 10

    /// Takes the directory, makes it where it is not there, and compares files and records.
    ///
    /// - Parameters:
    ///   - ids: names the files.
    ///   - onStep: is told of every step on the way to the disk.
    public init(
        directory path: String,
        limits: StorageLimits = StorageLimits(),
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger,
        onStep: @escaping StepObserver = { _ in }
    ) throws(DurableStoreError) {
        let holder = "process \(getpid()) since \(time.timestamp())"
        directory = try DataDirectory(path, holder: holder)
        records = try SQLiteRecordStore(path: directory.database, limits: limits, onStep: onStep)
        let inventory = AssetInventory(
            folder: directory.assets,
            records: records,
            retentionMs: limits.assetRetentionMs
        )
        do {
            try AssetFolders.prepare(directory.assets)
            // The database's files have their names for good, too.
            try FileSystem.synchronize(directory: path)
            findings = try inventory.take(at: time.timestamp())
            if !findings.lost.isEmpty { try records.loseBytes(ofAssets: findings.lost) }
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
        assets = FileAssetStore(
            folder: directory.assets,
            bytesTaken: findings.bytes,
            bytesMax: limits.assetBytesTotalMax,
            ids: ids,
            onStep: onStep
        )
        strayFileRemover = StrayFileRemover(inventory: inventory, assets: assets, time: time, logger: logger)
        Self.report(findings, to: logger)
    }

    /// Waits for what is under way, closes the files and lets the directory go. Nothing may be asked of it afterwards.
    public func close() throws {
        try records.close()
        try directory.release()
    }

    private static func report(_ findings: AssetInventory.Findings, to logger: Logger) {
        if !findings.lost.isEmpty {
            logger.error(
                "Assets without their file: they count as not there until they are put again",
                metadata: [
                    "assets": "\(findings.lost.count)",
                    "names": "\(findings.lost.sorted().prefix(namesLoggedMax).joined(separator: " "))",
                ]
            )
        }
        if findings.removedFiles > 0 || findings.strayFiles > 0 {
            logger.info(
                "Files of no asset",
                metadata: ["removed": "\(findings.removedFiles)", "kept for now": "\(findings.strayFiles)"]
            )
        }
    }
}
