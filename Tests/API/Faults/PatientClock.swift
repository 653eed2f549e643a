import HubProtocol
import MessageHub
import Synchronization

/// A clock for whole stacks: short waits (pauses between attempts, short faults) are over at once, long ones (deadlines,
/// announcements, collection) only when the test turns the clock. So no test waits, and no deadline passes because a
/// machine is busy.
final class PatientClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        let end: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var elapsed = Duration.zero
        var lastSleeper = 0
        var sleepers: [Int: Sleeper] = [:]

        /// Turns the clock, and gives those whose time has come.
        mutating func turn(to time: Duration) -> [Sleeper] {
            elapsed = max(elapsed, time)
            let due = sleepers.filter { $0.value.end <= elapsed }
            for key in due.keys { sleepers[key] = nil }
            return due.values.sorted { $0.end < $1.end }
        }
    }

    /// Over the pauses of the asset client (800 ms), under the time that a health probe has (900 ms).
    static let shortMax = Duration.milliseconds(850)

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var elapsed: Duration { state.withLock(\.elapsed) }
    var now: Instant { start + elapsed }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// Turns the clock on by so much.
    func advance(by duration: Duration) {
        let due = state.withLock { $0.turn(to: $0.elapsed + duration) }
        for sleeper in due { sleeper.continuation.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let end = start.duration(to: deadline)
        let (key, due) = state.withLock { state -> (Int?, [Sleeper]) in
            guard end - state.elapsed > Self.shortMax else { return (nil, state.turn(to: end)) }
            state.lastSleeper += 1
            return (state.lastSleeper, [])
        }
        for sleeper in due { sleeper.continuation.resume() }
        guard let key else { return await Task.yield() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ending = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.elapsed >= end { return .success(()) }
                    state.sleepers[key] = Sleeper(end: end, continuation: continuation)
                    return nil
                }
                if let ending { continuation.resume(with: ending) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: key) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// This clock, with a wall time that goes with it.
    var timeSource: TimeSource {
        let began = Timestamp("2026-01-02T03:04:05.678Z")!
        return TimeSource(clock: self) { [self] in
            let (seconds, attoseconds) = elapsed.components
            return began.adding(milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        }
    }
}
