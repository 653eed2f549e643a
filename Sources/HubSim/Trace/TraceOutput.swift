import Files
import Synchronization

/// Where a trace goes, a line for each frame: standard error or a file.
///
///     let output = try TraceOutput(path: "hub.trace")
///     configuration.trace = output.write
public final class TraceOutput: Sendable {
    private let file: OutputFile
    private let hasFailed = Mutex(false)

    /// Makes the file anew, readable by its owner alone. Throws `OutputFileError`.
    public init(path: String) throws(OutputFileError) { file = try OutputFile(path: path) }

    private init(_ file: OutputFile) { self.file = file }

    /// Standard error.
    public static let standardError = TraceOutput(OutputFile(descriptor: 2, name: "standard error"))

    /// Writes one line. After an error, which is told once on standard error, it writes no more.
    public func write(_ frame: TracedFrame) {
        guard !hasFailed.withLock({ $0 }) else { return }
        do throws(OutputFileError) {
            try file.write(Array("\(frame)\n".utf8))
        } catch {
            hasFailed.withLock { $0 = true }
            // Where standard error is what cannot be written, there is nobody left to tell.
            try? OutputFile(descriptor: 2, name: "").write(Array("trace stops: \(error)\n".utf8))
        }
    }
}
