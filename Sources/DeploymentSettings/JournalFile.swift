import FaultPlan
import Files
import JSON
import Launch

/// A journal as a file: one JSON object a line, written as it happens, so that a process that is killed has told all.
public final class JournalFile: Sendable {
    /// The setting that names it.
    public static let record = Setting<String>.path("RECORD", help: "write the journal into this file as JSON lines")

    private let file: OutputFile

    /// Writes what the journal holds, and from now on every entry. Throws `UsageError` where the file cannot be written.
    @discardableResult
    public init(recording journal: Journal, to path: String) throws(UsageError) {
        do throws(OutputFileError) {
            file = try OutputFile(path: path)
        } catch {
            throw UsageError("RECORD (--record) is '\(path)', but: \(error)")
        }
        for entry in journal.entries(after: 0).entries { write(entry.json) }
        journal.record { [self] in write($0.json) }
    }

    /// Ends the record with the digest of the decisions since the last reset.
    public func finish(_ journal: Journal) {
        journal.record(nil)
        write(["digest": .string(journal.digest)])
    }

    /// A disk that is full ends the record, and nothing else.
    private func write(_ json: JSONValue) {
        do throws(OutputFileError) {
            try file.write(json.encoded() + [UInt8(ascii: "\n")])
        } catch {
            StandardStream.error.write(Array("an entry of the journal is not recorded: \(error)\n".utf8))
        }
    }
}
