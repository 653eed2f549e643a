import ConformanceChecks
import Files
import Launch
import Synchronization

/// Where the reports of a run go, by their form; `nil`: nowhere.
///
/// They are written while the run goes on, too: whatever ends the process, what it has found out is there.
final class ReportFiles: Sendable {
    private let files: [(path: String, bytes: @Sendable (RunReport) -> [UInt8])]
    /// The last partial reports must not come after the whole ones.
    private let isDone = Mutex(false)

    init(junit: String?, json: String?, html: String?) {
        let forms: [(String?, @Sendable (RunReport) -> [UInt8])] = [
            (junit, { Array($0.junit.utf8) }),
            (json, { $0.json.encoded() + Array("\n".utf8) }),
            (html, { Array($0.html.utf8) }),
        ]
        files = forms.compactMap { path, bytes in path.map { ($0, bytes) } }
    }

    /// Writes what is known so far to those that are files. What cannot be written is tried, and told, at the end.
    func writePartial(_ report: RunReport) {
        isDone.withLock { isDone in
            guard !isDone else { return }
            for (path, bytes) in files {
                let file = FileReplacement(path: path)
                if file.isPossible { try? file.write(bytes(report)) }
            }
        }
    }

    /// Writes them. Throws exit status 70 where one cannot be written.
    func write(_ report: RunReport) throws {
        try isDone.withLock { isDone in
            isDone = true
            for (path, bytes) in files {
                do throws(OutputFileError) {
                    let file = FileReplacement(path: path)
                    if file.isPossible {
                        try file.write(bytes(report))
                    } else {
                        try OutputFile(path: path).write(bytes(report))
                    }
                } catch {
                    throw ExitStatus(70, saying: "\(error)")
                }
            }
        }
    }
}
