import Foundation

/// A folder that goes with the value. In memory where the system has such a place: what these tests ask is not what a
/// disk takes for it, and a process that is killed leaves the same there as on a disk.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let memory = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        path = base + "/storage-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// All files below, by their path from here.
    func files(below start: String = "") throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path + start)
            .filter { path in
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: self.path + start + "/" + path, isDirectory: &isFolder)
                return !isFolder.boolValue
            }
    }
}
