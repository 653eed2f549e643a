import DurableStorage
import Foundation
import HubProtocol
import Logging
import MessageHub
import SimulatedStorage

/// A fresh store of one kind. The durable one lies on the disk of the working directory: what a disk costs is the point.
struct BenchmarkStores {
    let name: String
    let core: StorageCore
    private let directory: String?

    init?(_ name: String) throws {
        var limits = StorageLimits()
        limits.pendingEventsMax = 10_000_000
        self.name = name
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        switch name {
        case "memory":
            directory = nil
            core = StorageCore(limits: limits, time: .system, logger: logger)
        case "durable":
            let directory = try Self.freshDirectory()
            let store = try DurableStore(directory: directory, limits: limits, time: .system, logger: logger)
            core = StorageCore(
                limits: limits,
                records: store.records,
                assetStore: store.assets,
                time: .system,
                logger: logger
            )
            self.directory = directory
        default: return nil
        }
    }

    /// An empty directory on the disk of the working directory.
    static func freshDirectory() throws -> String {
        let directory = FileManager.default.currentDirectoryPath + "/.build/storage-benchmark"
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    func remove() {
        guard let directory else { return }
        try? FileManager.default.removeItem(atPath: directory)
    }
}

extension Logger {
    static let silent = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
}

/// Megabytes of memory that this process has.
func residentMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
}
