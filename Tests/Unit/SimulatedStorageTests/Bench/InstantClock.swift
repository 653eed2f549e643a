import Synchronization

/// A clock on which every sleep is over at once; it only counts how long was slept.
final class InstantClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private let start = ContinuousClock.now
    private let slept = Mutex(Duration.zero)

    /// How long was slept in all.
    var elapsed: Duration { slept.withLock { $0 } }

    var now: Instant { start + elapsed }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        slept.withLock { $0 = max($0, start.duration(to: deadline)) }
        await Task.yield()
    }
}
