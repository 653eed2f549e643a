import HubProtocol
import SimulatedStorage

/// Compares the files of assets with what the records say, folder by folder, so that memory does not grow with them.
struct AssetInventory: Sendable {
    let folder: String
    let records: SQLiteRecordStore
    /// Milliseconds.
    let retentionMs: Int64

    /// What was found.
    struct Findings: Sendable, Hashable {
        /// Bytes of all files that stay.
        var bytes = 0
        /// Assets that are recorded and have no file.
        var lost: [String] = []
        /// Files of no asset that have been removed, with their bytes.
        var removedFiles = 0
        var removedBytes = 0
        /// Files of no asset whose time is not over.
        var strayFiles = 0
    }

    /// Looks at everything. A file of no asset stays for as long as an asset that nothing refers to, because its record
    /// may be on its way.
    func take(at now: Timestamp) throws -> Findings {
        var findings = Findings()
        for prefix in AssetFolders.prefixes {
            let files = try FileSystem.files(in: "\(folder)/\(prefix)")
            // After the files: what is recorded in between has a file that is not looked at.
            var recorded = try records.blobs(ofAssetsBeginningWith: prefix)
            for file in files {
                let isRecorded = recorded.removeValue(forKey: "\(prefix)/\(file.name)") != nil
                if isRecorded || file.modifiedMs > now.millisecondsSinceEpoch - retentionMs {
                    findings.bytes += file.size
                    if !isRecorded { findings.strayFiles += 1 }
                } else if try FileSystem.remove("\(folder)/\(prefix)/\(file.name)") {
                    findings.removedFiles += 1
                    findings.removedBytes += file.size
                }
            }
            findings.lost += recorded.values
        }
        return findings
    }
}
