/// The times and bounds of a run.
public struct RunOptions: Sendable, Hashable {
    /// The longest that a reply, an event or an answer of the asset API may take.
    public var timeoutMs = 5000
    /// How long nothing must come, after a barrier, for "no second one" to be proven.
    public var quietMs = 100
    /// The longest that the whole run may take; checks that have not begun by then could not run.
    public var deadlineSeconds = 300
    /// How many checks are under way at a time, at most: with a slow service it is fewer.
    public var checksAtATime = 12
    /// How long to wait for a service to consume the queue.
    public var waitSeconds = 0
    /// How long a service may take to come back after its restart.
    public var restartSeconds = 60
    /// Whether what the run made is removed at the end, and looked for. `false` only for a service that ends with the run.
    public var clearsAway = true

    public init() {}
}

/// The bounds of the module.
enum Limits {
    /// Bytes of a body that are kept as evidence; the rest is counted.
    static let evidenceBytesMax = 16 * 1024
    /// Messages that one check keeps as evidence; further ones are counted.
    static let evidenceEntriesMax = 400
    /// Unacknowledged deliveries at the checker.
    static let prefetch = 500
    /// Messages of everybody's that a shared listener keeps; further ones are not looked at.
    static let heardMax = 20_000
    /// Bytes of an answer of the asset API.
    static let answerBytesMax = 8 * 1024 * 1024
    /// Bytes of a property that is a short string (AMQP 0-9-1 §4.2.5.3).
    static let shortStringBytesMax = 255
    /// Images, or assets, that a service with little room is filled with at most.
    static let fillMax = 1000
    /// Requests without a reply, one after the other, from which on a service counts as silent.
    static let unansweredMax = 8
    /// Operations of each name that are asked again at the end.
    static let earlyMax = 2
    /// How long ago an operation was at least when it is asked again at the end, in milliseconds.
    static let earlyAgeMs = 2500
    /// A round trip from which on a service is told to be slow, in milliseconds.
    static let slowMs = 20
    /// How often a run that goes on is reported.
    static let partialReportMs = 2000
    /// How long the clearing away at the end may take, beside twice the time that a slow service needs for it.
    static let cleanUpMs = 20_000
}
