import HubProtocol

/// Time as a parameter: what a component needs of a clock, so that a test can turn it by hand.
///
/// Built from any `Clock` whose durations are `Duration`; the wall time is a closure beside it, because timestamps in
/// messages and waiting are different things.
public struct TimeSource: Sendable {
    private let elapsedNow: @Sendable () -> Duration
    private let sleepFor: @Sendable (Duration) async throws -> Void
    private let wall: @Sendable () -> Timestamp
    /// What it was built from: one who knows that clock can do more with it than wait.
    package let clock: any Clock<Duration>

    /// - Parameters:
    ///   - clock: what is waited on.
    ///   - wallNow: the time for timestamps.
    public init<C: Clock<Duration>>(clock: C, wallNow: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
        let start = clock.now
        elapsedNow = { start.duration(to: clock.now) }
        sleepFor = { duration in try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil) }
        wall = wallNow
    }

    /// Time since this source was made; never goes back.
    public func now() -> Duration { elapsedNow() }

    /// Waits. Throws `CancellationError` when the task is cancelled.
    public func sleep(for duration: Duration) async throws { try await sleepFor(duration) }

    /// The wall time, for timestamps.
    public func timestamp() -> Timestamp { wall() }
}
