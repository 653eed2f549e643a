/// The bounds of this module: nothing that waits or is kept grows past one of these.
///
/// What a peer can make us hold is bounded here too: a hub that is slow, silent or hostile costs at most this much.
public struct HubLimits: Sendable, Hashable {
    /// Publishes of one connection that wait for their confirm. One more: `HubError.overloaded`.
    public var publishesInFlightMax = 10_000
    /// Messages that were sent and not confirmed, also those whose task no longer waits. One more: `overloaded`.
    public var unconfirmedMax = 65_536
    /// Bytes of the messages that wait for their confirm. More: `overloaded`.
    public var bytesInFlightMax = 64 << 20
    /// Acknowledgements and calls that the connection's thread has not taken yet. One more: `overloaded`.
    public var commandsQueuedMax = 100_000
    /// Bytes that are encoded ahead of the socket. Past it no further message is encoded until some were sent.
    public var bytesUnsentMax = 1 << 20
    /// The body of one message that is sent (longer: `HubError.invalid`; it could not be told from another when it is
    /// returned) or received. A longer received one arrives with an empty body: its consumer sees that it is malformed
    /// and can answer, and no memory was spent on it.
    public var bodyBytesMax = 16 << 20
    /// Application headers of one message that is sent (more: `HubError.invalid`) or received (more are left out).
    public var headersMax = 64
    /// Consumers of one connection. One more: `overloaded`.
    public var consumersMax = 256
    /// What happened to a connection and was not read yet; past it the oldest events are dropped, never the last one.
    public var eventsBufferedMax = 16

    /// Requests of one requester that wait for their reply. One more: `RequesterError.overloaded`.
    public var requestsPendingMax = 10_000
    /// Replies that the hub may have under way to one requester.
    public var replyPrefetch = 256
    /// How long after a connection was replaced a returned request is sent again, in milliseconds: storage lost its
    /// connection too, and may take a moment longer to come back. After it, and on the first connection, a return means
    /// at once that no storage listens.
    public var returnGraceMs = 3000
    /// How long a request lies with the hub before somebody looks whether anybody consumes storage's queue, in
    /// milliseconds; where half of its time is less, so long.
    public var lookPatienceMs = 250
    /// How long storage's queue must be without a consumer until the requests in it fail, in milliseconds: a storage that
    /// is started again at once has not been away.
    public var absenceGraceMs = 1000
    /// From one look at a queue that is consumed to the next, in milliseconds.
    public var lookPauseMs = 1000
    /// From a look that the hub refused to the next, in milliseconds: each costs a channel.
    public var refusedLookPauseMs = 5000
    /// Operation ids remembered after their end, to tell a late or repeated reply from a foreign one. Only counted.
    public var recentOperationsMax = 1024

    /// Instances of services that are kept in mind. One more pushes out the one that would expire first.
    public var serviceInstancesMax = 256
    /// Announcements or queries that the hub may have under way to us.
    public var discoveryPrefetch = 32

    /// The limits as they stand above.
    public init() {}
}
