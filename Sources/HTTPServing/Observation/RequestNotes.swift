import Logging
import Synchronization

/// What every log line of a request says besides its own words: the ids by which its lines are found.
///
/// The notes go with the request's task and the tasks that it waits for, so that code far from the request, which has a
/// logger of its own, need not be handed them. A logger takes part through ``Logging/Logger/withRequestNotes``.
///
///     try await RequestNotes.$current.withValue(RequestNotes(("request_id", "r1"))) { try await answer() }
///     RequestNotes.current?.note("operation_id", "o1")      // on every line from now on
public final class RequestNotes: Sendable {
    /// Those of the request that the present task works for; `nil` outside of requests.
    @TaskLocal public static var current: RequestNotes?

    /// In the order in which they were made: most requests write no line, so that a table of them would be made for nothing.
    private let notes: Mutex<[(key: String, value: String)]>

    public init(_ notes: (key: String, value: String)...) { self.notes = Mutex(notes) }

    /// All of them, as a log line takes them: the latest of each key.
    public var metadata: Logger.Metadata {
        notes.withLock { notes in
            Logger.Metadata(notes.lazy.map { ($0.key, .string($0.value)) }) { _, latest in latest }
        }
    }

    /// Adds a note, or replaces the one of this key.
    public func note(_ key: String, _ value: String) { notes.withLock { $0.append((key, value)) } }

    /// What a logger asks for each of its lines.
    public static let provider = Logger.MetadataProvider { current?.metadata ?? [:] }
}

extension Logger {
    /// This logger, whose lines carry the notes of the request that they are written for.
    public var withRequestNotes: Logger {
        var logger = self
        logger.handler.metadataProvider =
            metadataProvider.map { .multiplex([$0, RequestNotes.provider]) ?? RequestNotes.provider }
            ?? RequestNotes.provider
        return logger
    }
}
