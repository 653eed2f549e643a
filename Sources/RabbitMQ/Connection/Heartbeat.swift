import MessageHub

/// When to give a sign of life and when the peer's has failed to come (AMQP 0-9-1 §4.2.7).
struct Heartbeat {
    enum Action: Equatable {
        case none
        /// Nothing was sent for half the interval.
        case send
        /// Nothing came for two intervals.
        case peerIsDead
    }

    /// 0: there are no heartbeats.
    let intervalMs: Int64
    private var sentAtMs: Int64
    private var receivedAtMs: Int64

    init(intervalMs: Int64, nowMs: Int64) {
        self.intervalMs = intervalMs
        sentAtMs = nowMs
        receivedAtMs = nowMs
    }

    /// Any bytes count, not only heartbeats.
    mutating func bytesSent(nowMs: Int64) { sentAtMs = nowMs }
    mutating func bytesReceived(nowMs: Int64) { receivedAtMs = nowMs }

    func action(nowMs: Int64) -> Action {
        if intervalMs == 0 { return .none }
        if nowMs - receivedAtMs >= 2 * intervalMs { return .peerIsDead }
        return nowMs - sentAtMs >= intervalMs / 2 ? .send : .none
    }

    /// When to ask next; `nil` for never.
    var nextCheckMs: Int64? {
        intervalMs == 0 ? nil : min(sentAtMs + intervalMs / 2, receivedAtMs + 2 * intervalMs)
    }
}
