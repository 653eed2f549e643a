import Synchronization

@testable import HubProtocol
@testable import MessageHub

/// A clock that stands still until the test turns it.
final class TestClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        var deadline: Instant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())
    /// The deadlines of those who sleep, in order.
    let sleeping = Observed<[Duration]>([])

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        let woke = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    if deadline <= state.now { return true }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let isOver { continuation.resume(returning: isOver) }
                note()
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            note()
            sleeper?.continuation.resume(returning: false)
        }
        if !woke { throw CancellationError() }
    }

    /// Turns the clock and wakes who is due, in order.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        note()
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until somebody sleeps until this time, then turns the clock there.
    func advance(toSleeperAt time: Duration) async throws {
        try await sleeping.waitUntil { $0.contains(time) }
        advance(by: time - now.offset)
    }

    /// Waits until somebody sleeps, then turns the clock to the first who is due; gives the time slept.
    @discardableResult
    func advanceToNextSleeper() async throws -> Duration {
        let deadlines = try await sleeping.waitUntil { !$0.isEmpty }
        let pause = deadlines[0] - now.offset
        advance(by: pause)
        return pause
    }

    private func note() {
        sleeping.update { value in
            value = state.withLock { $0.sleepers.values.map(\.deadline.offset).sorted() }
        }
    }
}

extension TimeSource {
    /// Time by this clock, from midnight of 2026-01-02.
    init(_ clock: TestClock) {
        let start = Timestamp("2026-01-02T00:00:00.000Z")!
        self.init(clock: clock) { start.adding(milliseconds: Int64(clock.now.offset.milliseconds)) }
    }
}
