import FoundationEssentials

/// The file that says where a program's servers are bound, once all are.
struct ReadyFile: Sendable {
    let path: String

    /// Whether it can be written: tried before anything is started, with another file beside it, because whoever waits
    /// for it would wait for ever.
    var canBeWritten: Bool {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder { return false }
        let trial = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try Data().write(to: URL(filePath: trial))
            try FileManager.default.removeItem(atPath: trial)
            return true
        } catch {
            return false
        }
    }
}
