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

    /// Something that is scheduled by the clock without sleeping on it, and that can tell when it is done.
    protocol Dial: AnyObject, Sendable {
        /// When something is to be done next; nil: there is nothing.
        func next(isRecurringToo: Bool) -> Instant?
        /// Does what is due.
        func runDue()
        /// Waits until that is done with all that it led to.
        func settle() async
    }

    private struct WeakDial {
        weak var dial: (any Dial)?
    }

    private struct State {
        var dials: [WeakDial] = []
        var now = Instant(offset: .zero)
        var sleepers = Heap<Sleeper>()
        var continuations: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many wait for it: tasks that sleep on it, and hubs for which something is scheduled.
    public var sleeperCount: Int {
        dials.filter { $0.next(isRecurringToo: true) != nil }.count + state.withLock { $0.continuations.count }
    }

    /// Lets something hang on the clock for as long as others hold it.
    func attach(_ dial: any Dial) {
        state.withLock { state in
            state.dials.removeAll { $0.dial == nil }
            state.dials.append(WeakDial(dial: dial))
        }
    }

    private var dials: [any Dial] { state.withLock { $0.dials.compactMap(\.dial) } }

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

    /// Turns the clock, from one time at which something happens to the next.
    ///
    /// What hubs have scheduled (expiry, timeouts, heartbeats) is done while the clock shows its time, and it is done,
    /// with everything that it led to inside the hubs, sockets' event loops included, before the clock goes on and before
    /// this returns. What clients do about it is theirs: it takes as long as it takes, so wait for it by a condition of the
    /// hub. The same goes for tasks that sleep on the clock themselves: they wake in the order of their times, and get a
    /// chance to run and to sleep anew.
    public func advance(by duration: Duration) async {
        await settle()
        let end = now.advanced(by: duration)
        while await step(until: end) {}
        state.withLock { $0.now = max($0.now, end) }
        await settle()
    }

    /// Turns the clock until nothing is scheduled any more, as `advance(by:)` does, and stops at the time of the last.
    ///
    /// Heartbeats do not count: they are for ever. Those that come on the way happen, so a client that is silent meanwhile
    /// is cut off. What sleeps on the clock counts, and so do deadlines that have become needless since they were set, such
    /// as the timeout of a delivery that was acknowledged.
    /// - Parameter bound: how far the clock goes at most, for what is scheduled anew again and again.
    /// - Returns: whether nothing is scheduled any more; false where the bound was reached, at which the clock then stands.
    @discardableResult
    public func runUntilIdle(within bound: Duration = .seconds(3600)) async -> Bool {
        await settle()
        let end = now.advanced(by: bound)
        while let next = next(isRecurringToo: false) {
            guard next <= end else {
                await advance(by: now.duration(to: end))
                return false
            }
            _ = await step(until: next)
        }
        return true
    }

    /// When something happens next.
    private func next(isRecurringToo: Bool) -> Instant? {
        let sleeper = state.withLock { state -> Instant? in
            // What was cancelled is no reason to stop at its time.
            while let first = state.sleepers.min, state.continuations[first.number] == nil {
                state.sleepers.removeMin()
            }
            return state.sleepers.min?.until
        }
        return (dials.compactMap { $0.next(isRecurringToo: isRecurringToo) } + (sleeper.map { [$0] } ?? [])).min()
    }

    /// Turns the clock to the next time at which something happens, and lets it.
    /// - Returns: false where nothing happens until the end.
    private func step(until end: Instant) async -> Bool {
        guard let next = next(isRecurringToo: true), next <= end else { return false }
        state.withLock { $0.now = max($0.now, next) }
        let due = dials.filter { dial in dial.next(isRecurringToo: true).map { $0 <= next } ?? false }
        for dial in due { dial.runDue() }
        if due.isEmpty { wakeNext(until: next)?.resume() }
        await settle()
        return true
    }

    /// Waits until hubs are done, and lets tasks that were woken run for a while.
    private func settle() async {
        for _ in 0..<20 { await Task.yield() }
        for dial in dials { await dial.settle() }
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
