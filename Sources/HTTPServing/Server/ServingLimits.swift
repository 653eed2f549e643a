/// What an HTTP server takes from its clients at most. Nothing that a client can do grows past these.
public struct ServingLimits: Sendable {
    /// Connections at the same time; further ones wait in the backlog of the kernel.
    public var connectionsMax = 1024
    /// Bytes of all header fields and the request line together; past it: 431.
    public var headerBytesMax = 64 * 1024
    /// Header fields of one request; past it: 431.
    public var headerFieldsMax = 128
    /// How long a connection may do nothing between two requests; then it is closed.
    public var keepAliveMs = 75_000
    /// How long the header of a request may take from its first byte; then: 408.
    public var headerTimeoutMs = 15_000
    /// How long the client may send nothing while a body is awaited; then: 408.
    public var bodyIdleTimeoutMs = 30_000
    /// How long the client may take nothing of an answer; then the connection is closed.
    public var writeIdleTimeoutMs = 60_000

    public init() {}
}
