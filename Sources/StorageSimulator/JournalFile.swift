import FaultPlan
import Foundation
import JSON
import Launch

/// A journal as a file: one JSON object a line, written as it happens, so that a process that is killed has told all.
final class JournalFile: Sendable {
    private let file: FileHandle

    /// Throws `UsageError` where the file cannot be written.
    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw UsageError("RECORD (--record) is '\(path)', but it cannot be written there") }
        self.file = file
    }

    /// Writes every entry, in order. A disk that is full ends the record, and nothing else.
    var recorder: @Sendable (JournalEntry) -> Void {
        { [self] entry in
            let line = Data(entry.json.encoded() + [UInt8(ascii: "\n")])
            do {
                try file.write(contentsOf: line)
            } catch {
                FileHandle.standardError.write(Data("StorageSimulator: an entry is not recorded: \(error)\n".utf8))
            }
        }
    }
}
