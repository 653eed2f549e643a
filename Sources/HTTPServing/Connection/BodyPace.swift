/// How fast a request body comes, counted only while the server waits for it: a server that is busy itself does not
/// blame its client. Times are milliseconds of any clock that does not jump.
struct BodyPace: Sendable, Equatable {
    private(set) var bytes = 0
    private var waitedMs = 0
    private var waitingSinceMs: Int?

    /// The server asked the socket for more.
    mutating func awaited(nowMs: Int) {
        if waitingSinceMs == nil { waitingSinceMs = nowMs }
    }

    /// Bytes of the body came.
    mutating func received(bytes count: Int, nowMs: Int) {
        bytes += count
        if let waitingSinceMs { waitedMs += nowMs - waitingSinceMs }
        waitingSinceMs = nil
    }

    /// Whether the client has been silent, or slow on average, for longer than the limits allow.
    func isTooSlow(nowMs: Int, limits: ServingLimits) -> Bool {
        guard let waitingSinceMs else { return false }
        let silentMs = nowMs - waitingSinceMs
        let allowedMs = limits.bodyIdleTimeoutMs + bytes * 1000 / max(1, limits.bodyBytesPerSecondMin)
        return silentMs >= limits.bodyIdleTimeoutMs || waitedMs + silentMs >= allowedMs
    }
}
