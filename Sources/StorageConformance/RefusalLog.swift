import Logging
import Synchronization

/// What a hosted hub has refused its clients, as its log says it: a service that cannot even consume does not get so far
/// that a check could ask it.
final class RefusalLog: Sendable {
    /// The first say it all: who is refused tries the same again.
    private static let refusalsMax = 16

    private struct Handler: LogHandler {
        let log: RefusalLog
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            // The keys of `ConnectionLog`.
            guard let code = event.metadata?["code"], let reason = event.metadata?["reason"] else { return }
            log.add("\(code) \(reason)")
        }
    }

    private let lines = Mutex<[String]>([])

    /// What the hub is to log with.
    var logger: Logger { Logger(label: "hosted-hub") { [self] _ in Handler(log: self) } }

    /// `406 PRECONDITION_FAILED - …`, each once.
    var refusals: [String] { lines.withLock { $0 } }

    private func add(_ line: String) {
        lines.withLock { lines in
            if lines.count < Self.refusalsMax, !lines.contains(line) { lines.append(line) }
        }
    }
}
