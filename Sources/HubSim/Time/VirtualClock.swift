import HeapModule
import HubProtocol
import MessageHub
import Synchronization

/// A clock that stands still until it is turned: everything in a hub that takes time hangs on it.
///
///     let clock = VirtualClock()
///     var configuration = HubConfiguration()
///     configuration.time = clock.timeSource()
///     let hub = try await HubSim.start(configuration)
///     await clock.advance(by: .seconds(60))
public final class VirtualClock: Clock, Sendable {
    /// A point on the clock's time line.
    public struct Instant: InstantProtocol {
        /// Since the clock was made.
        public var offset: Duration

        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper: Comparable {
        let until: Instant
        let number: UInt64
        static func < (left: Sleeper, right: Sleeper) -> Bool {
            (left.until, left.number) < (right.until, right.number)
        }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers = Heap<Sleeper>()
        var continuations: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep on it.
    public var sleeperCount: Int { state.withLock { $0.continuations.count } }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver: Bool = state.withLock { state in
                    // Cancelled before it was noted, when the handler below found nobody to wake.
                    guard !Task.isCancelled, deadline > state.now else { return true }
                    state.sleepers.insert(Sleeper(until: deadline, number: number))
                    state.continuations[number] = continuation
                    return false
                }
                guard isOver else { return }
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            let continuation = state.withLock { $0.continuations.removeValue(forKey: number) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Turns the clock. Sleepers wake in the order of their times, each while the clock shows its time, and what they
    /// lead to gets a chance to run and to sleep anew before the clock goes on.
    public func advance(by duration: Duration) async {
        let end = now.advanced(by: duration)
        while let continuation = wakeNext(until: end) {
            continuation.resume()
            await settle()
        }
        state.withLock { $0.now = max($0.now, end) }
        await settle()
    }

    /// Lets tasks that were woken run for a while.
    private func settle() async {
        for _ in 0..<20 { await Task.yield() }
    }

    private func wakeNext(until end: Instant) -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            while let next = state.sleepers.min, next.until <= end {
                state.sleepers.removeMin()
                guard let continuation = state.continuations.removeValue(forKey: next.number) else { continue }
                state.now = max(state.now, next.until)
                return continuation
            }
            return nil
        }
    }

    /// The clock as a hub takes it.
    /// - Parameter start: the wall time when the clock shows zero.
    public func timeSource(wallStart start: Timestamp = Timestamp(millisecondsSinceEpoch: 0)) -> TimeSource {
        TimeSource(clock: self) { [self] in
            let (seconds, attoseconds) = now.offset.components
            return start.adding(milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        }
    }
}
