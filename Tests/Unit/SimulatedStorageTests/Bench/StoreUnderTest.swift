import DurableStorage
import Foundation
import SimulatedStorage
import Testing

/// The stores that everything is tested on that does not depend on one.
enum StoreUnderTest: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, durable

    var testDescription: String { rawValue }

    func open(limits: StorageLimits) -> Opened {
        do {
            return try Opened(self, limits: limits)
        } catch {
            preconditionFailure("Cannot open a store: \(error)")
        }
    }

    /// A store while a test has it open. Its directory goes with it.
    final class Opened: @unchecked Sendable {
        // @unchecked: the bench that owns it only touches it under a lock.
        private let limits: StorageLimits
        private let folder: TemporaryFolder?
        private var durable: SQLiteRecordStore?
        private(set) var records: any RecordStore

        init(_ store: StoreUnderTest, limits: StorageLimits) throws {
            self.limits = limits
            switch store {
            case .memory:
                folder = nil
                records = MemoryRecordStore(limits: limits)
            case .durable:
                let folder = try TemporaryFolder()
                let durable = try SQLiteRecordStore(path: folder.path + "/records", limits: limits)
                self.folder = folder
                self.durable = durable
                records = durable
            }
        }

        func reopen() throws -> Bool {
            guard let folder, let durable else { return false }
            try durable.close()
            self.durable = nil
            records = MemoryRecordStore()
            let next = try SQLiteRecordStore(path: folder.path + "/records", limits: limits)
            self.durable = next
            records = next
            return true
        }
    }
}

/// A folder that goes with the value. In memory where the system has such a place: what these tests ask is not what a
/// disk takes for it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let memory = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        path = base + "/storage-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
