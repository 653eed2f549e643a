import MessageHub

/// When a failed attempt at something that may be repeated is made again: after pauses that double, each shortened by
/// chance so that many clients do not come back at once, and never past the deadline.
package struct RetryPolicy: Sendable {
    /// Attempts in all, the first included. At least 1.
    package var attemptsMax: Int
    /// The longest pause after the first attempt; doubles with each.
    package var firstPause: Duration

    package init(attemptsMax: Int, firstPause: Duration) {
        precondition(attemptsMax >= 1, "Cannot try less than once")
        self.attemptsMax = attemptsMax
        self.firstPause = firstPause
    }

    /// The pause after attempt number `attempt` (from 1), or `nil` where no further one is made: because they are used
    /// up, or because the pause would leave no time.
    ///
    /// - Parameter chance: 0 ..< 1; the pause is between half of its longest and its longest.
    package func pause(after attempt: Int, remaining: Duration, chance: Double) -> Duration? {
        guard attempt < attemptsMax else { return nil }
        let longest = firstPause * (1 << min(attempt - 1, 16))
        let pause = longest * (0.5 + chance / 2)
        return pause < remaining ? pause : nil
    }
}
