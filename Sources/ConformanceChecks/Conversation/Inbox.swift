import MessageHub
import Synchronization

/// The messages of one queue, in order, and those who wait for some of them.
final class Inbox: Sendable {
    private struct Waiter {
        var from: Int
        var matches: @Sendable (Received) -> Bool
        var continuation: CheckedContinuation<Received?, Never>
    }

    private struct State {
        var messages: [Received] = []
        /// Those that were taken as the answer to something.
        var taken: Set<Int> = []
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
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
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskGroup(of: Received?.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let now = self.state.withLock { state -> Received?? in
                            for index in state.messages.indices.dropFirst(start)
                            where !state.taken.contains(index) && matches(state.messages[index]) {
                                state.taken.insert(index)
                                return state.messages[index]
                            }
                            if state.isEnded || Task.isCancelled { return .some(nil) }
                            state.waiters[ticket] = Waiter(from: start, matches: matches, continuation: continuation)
                            return nil
                        }
                        if let now { continuation.resume(returning: now) }
                    }
                } onCancel: {
                    let waiter = self.state.withLock { $0.waiters.removeValue(forKey: ticket) }
                    waiter?.continuation.resume(returning: nil)
                }
            }
            group.addTask { [time] in
                // Cut short when the message is there.
                try? await time.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            guard first == nil else { return first }
            // The time may have run out in the moment in which it came.
            return await group.next() ?? nil
        }
    }
}
