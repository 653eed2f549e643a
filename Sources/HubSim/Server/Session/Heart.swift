/// Heartbeats of one connection (AMQP 0-9-1 §4.2.7): when to send one, and when the client has been silent for too long.
struct Heart {
    /// As agreed in `tune-ok`; 0 = no heartbeats.
    var intervalSeconds: UInt16 = 0
    private var lastHeard = Instant.start
    private var lastSaid = Instant.start

    /// What is to be done at a beat.
    enum Beat {
        case nothing
        case send
        /// Nothing has come for two intervals.
        case missed
    }

    mutating func heard(at now: Instant) { lastHeard = now }
    mutating func said(at now: Instant) { lastSaid = now }

    /// When to look next; nil: there are no heartbeats.
    func nextBeat(after now: Instant) -> Instant? {
        intervalSeconds == 0 ? nil : now.adding(milliseconds: Int64(intervalSeconds) * 500)
    }

    /// Looks at the time. It is looked at twice an interval, so that silence is never longer than one.
    func beat(at now: Instant) -> Beat {
        let interval = Int64(intervalSeconds) * 1000
        if lastHeard.adding(milliseconds: 2 * interval) <= now { return .missed }
        return lastSaid.adding(milliseconds: interval / 2) <= now ? .send : .nothing
    }
}
