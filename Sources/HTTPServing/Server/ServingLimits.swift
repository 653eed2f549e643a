/// What an HTTP server takes from its clients at most. Nothing that a client can do grows past these.
///
/// Times are milliseconds.
public struct ServingLimits: Sendable {
    /// Connections at the same time that are served.
    public var connectionsMax = 1024
    /// Further ones whose first request is answered with 503; those past these wait in the backlog of the kernel.
    public var surplusConnectionsMax = 256
    /// Bytes of one header field, and of the request line; past it: 431.
    public var headerFieldBytesMax = 16 * 1024
    /// Bytes of the request line and all header fields together; past it: 431.
    public var headerBytesMax = 64 * 1024
    /// Header fields of one request; past it: 431.
    public var headerFieldsMax = 128
    /// Parts (headers, pieces of bodies, ends) of later requests that wait until the one before them is answered; what
    /// comes past them is answered with 400 when its turn comes, and the connection is closed.
    public var pipelinedPartsMax = 32 * 1024
    /// How long a connection may do nothing between two requests; then it is closed.
    public var keepAliveMs = 75_000
    /// How long a new connection may say nothing; then it is closed.
    public var firstByteTimeoutMs = 15_000
    /// How long the header of a request may take from its first byte; then: 408.
    public var headerTimeoutMs = 15_000
    /// How long the client may send nothing while its body is awaited; then: 408.
    public var bodyIdleTimeoutMs = 30_000
    /// How fast a body must come on average, once ``bodyIdleTimeoutMs`` has been waited for it in all; slower: 408.
    public var bodyBytesPerSecondMin = 1024
    /// How long a client is answered that has closed its sending side: it may still read, or be gone, which looks the same.
    /// Then the connection is closed, and the work for it is stopped.
    public var halfClosedMs = 1_000
    /// How long the client may take nothing of an answer; then the connection is closed.
    public var writeIdleTimeoutMs = 60_000
    /// The most bytes of an unread body that are thrown away to keep a connection; a longer one is closed.
    public var drainBytesMax = 64 * 1024
    /// How many bytes are still taken, and thrown away, from a client that goes on sending after it was refused. Closing
    /// at once would reset the connection, and the client might never see why.
    public var lingerBytesMax = 256 * 1024 * 1024
    /// How long such a client is listened to in all; then the connection is closed.
    public var lingerMs = 20_000
    /// How long such a client may send nothing; then the connection is closed.
    public var lingerIdleMs = 2_000

    /// How long the client may send nothing while its body is awaited, once the server is to stop; then: 408.
    public var quiescingIdleTimeoutMs = 10_000

    public init() {}

    /// The limits once the server is to stop: a drain must not wait for a client that is not there any more.
    var whileQuiescing: ServingLimits {
        var limits = self
        limits.bodyIdleTimeoutMs = min(bodyIdleTimeoutMs, quiescingIdleTimeoutMs)
        return limits
    }

    /// How often a connection looks at its clock: finer than every limit above, and no finer than it needs to be.
    var tickMs: Int {
        let shortest = [
            keepAliveMs, headerTimeoutMs, bodyIdleTimeoutMs, writeIdleTimeoutMs, lingerMs, lingerIdleMs,
        ].reduce(2_000, min)
        return max(5, shortest / 4)
    }
}
