import HubProtocol
import MessageHub
import Synchronization

/// A clock that stands still until the test turns it. Nobody sleeps by it.
final class HandTurnedClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private let start = ContinuousClock.now
    private let elapsed = Mutex(Duration.zero)

    var now: Instant { start + elapsed.withLock(\.self) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        preconditionFailure("Cannot sleep by a clock that only a test turns")
    }

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    var timeSource: TimeSource { TimeSource(clock: self) { Timestamp(millisecondsSinceEpoch: 0) } }
}
