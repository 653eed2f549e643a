import MessageHub
import Synchronization

/// The messages of one queue, in order, and those who wait for some of them.
final class Inbox: Sendable {
    private struct Waiter {
        var from: Int
        /// When its time is over.
        var end: Duration
        var matches: @Sendable (Received) -> Bool
        var continuation: CheckedContinuation<Received?, Never>
    }

    private struct State {
        var messages: [Received] = []
        /// Those that were taken as the answer to something.
        var taken: Set<Int> = []
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        /// Rings at the end of the wait that ends first, or before.
        var alarm: (at: Duration, task: Task<Void, Never>)?
        var isEnded = false
    }

    private let state = Mutex(State())
    private let time: TimeSource

    init(time: TimeSource) { self.time = time }

    /// A message came.
    func received(_ message: Received) {
        let continuation = state.withLock { state -> CheckedContinuation<Received?, Never>? in
            guard state.messages.count < Limits.heardMax else { return nil }
            state.messages.append(message)
            let index = state.messages.count - 1
            // The one that has waited longest.
            for key in state.waiters.keys.sorted() {
                guard let waiter = state.waiters[key], index >= waiter.from, waiter.matches(message) else { continue }
                state.waiters[key] = nil
                state.taken.insert(index)
                return waiter.continuation
            }
            return nil
        }
        continuation?.resume(returning: message)
    }

    /// No more will come.
    func ended() {
        let waiters = state.withLock { state in
            state.isEnded = true
            state.alarm?.task.cancel()
            state.alarm = nil
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// How many have come; the place from which to wait for later ones.
    var count: Int { state.withLock { $0.messages.count } }

    /// Everything that came, from a place on.
    func all(from start: Int = 0) -> [Received] { state.withLock { Array($0.messages.dropFirst(start)) } }

    /// What nobody has taken.
    var untaken: [Received] {
        state.withLock { state in
            state.messages.enumerated().filter { !state.taken.contains($0.offset) }.map(\.element)
        }
    }

    /// Takes the first message that matches and was not taken, or waits for it. `nil` when the time is over, the task is
    /// cancelled or the queue has ended.
    func take(
        from start: Int = 0,
        within timeout: Duration,
        where matches: @escaping @Sendable (Received) -> Bool
    ) async -> Received? {
        let end = time.now() + timeout
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(from: start, end: end, matches: matches, continuation: continuation)
                if let now = state.withLock({ takeOrWait(waiter, ticket, &$0) }) { continuation.resume(returning: now) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: ticket) }
            waiter?.continuation.resume(returning: nil)
        }
    }

    /// What the waiter gets at once; `nil`: it waits.
    private func takeOrWait(_ waiter: Waiter, _ ticket: Int, _ state: inout State) -> Received?? {
        for index in state.messages.indices.dropFirst(waiter.from)
        where !state.taken.contains(index) && waiter.matches(state.messages[index]) {
            state.taken.insert(index)
            return state.messages[index]
        }
        if state.isEnded || Task.isCancelled || waiter.end <= time.now() { return .some(nil) }
        state.waiters[ticket] = waiter
        if state.alarm.map({ waiter.end < $0.at }) ?? true { setAlarm(at: waiter.end, &state) }
        return nil
    }

    /// One alarm for all who wait, because nearly every wait ends long before its time.
    private func setAlarm(at end: Duration, _ state: inout State) {
        state.alarm?.task.cancel()
        let task = Task { [time] in
            // Cancelled, another is set or nobody waits any more.
            guard (try? await time.sleep(for: end - time.now())) != nil else { return }
            giveUp()
        }
        state.alarm = (end, task)
    }

    /// Tells those whose time is over.
    private func giveUp() {
        let now = time.now()
        let late = state.withLock { state in
            // Cancelled by another in this moment: that one does it.
            guard let alarm = state.alarm, alarm.at <= now else { return [Waiter]() }
            state.alarm = nil
            let late = state.waiters.filter { $0.value.end <= now }
            for key in late.keys { state.waiters[key] = nil }
            if let next = state.waiters.values.map(\.end).min() { setAlarm(at: next, &state) }
            return Array(late.values)
        }
        for waiter in late { waiter.continuation.resume(returning: nil) }
    }
}
