/// What a requester has seen since it was made, for metrics.
public struct RequesterCounters: Sendable, Hashable {
    /// Requests that wait for their reply now.
    public var inFlight = 0
    /// Requests that were taken on.
    public var requests = 0
    /// Replies, success or error, that reached who asked.
    public var replies = 0
    /// Publications of a request after its first one: on a new connection, or after the hub refused one.
    public var retries = 0
    /// Replies whose operation id nobody waits for and that no recent request had.
    public var unknownReplies = 0
    /// Replies to a request that has ended already: repeated, or late.
    public var duplicateReplies = 0
    /// Replies that were right but for their `correlation_id`.
    public var mismatchedCorrelations = 0
    /// Requests that ended as `invalidResponse`.
    public var invalidResponses = 0
    /// Requests that ended as `timeout`.
    public var timeouts = 0
    /// Requests that ended as `unavailable`.
    public var unavailable = 0
    /// Requests that were turned away as `overloaded`.
    public var overloaded = 0
    /// Requests whose task was cancelled.
    public var cancelled = 0

    public init() {}
}
