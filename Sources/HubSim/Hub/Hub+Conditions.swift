import Synchronization

/// Someone who waits for the hub to be in some state.
struct ConditionWaiter {
    let number: UInt64
    let condition: HubCondition
    let continuation: CheckedContinuation<Bool, Never>
}

extension Hub {
    /// Waits until the condition holds; it is looked at after everything that happens, never polled.
    /// - Returns: false where the task was cancelled or the hub ended before.
    package func wait(for condition: HubCondition) async -> Bool {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if condition.holds(for: state.broker, state.doors, at: timeline.now) { return true }
                    // Cancelled before it could be noted, when the handler below had nobody to wake.
                    if Task.isCancelled || state.hasEnded { return false }
                    state.waiters.append(
                        ConditionWaiter(number: number, condition: condition, continuation: continuation)
                    )
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> ConditionWaiter? in
                guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Wakes those whose condition holds by now; all, once the hub has ended.
    func runWaiters() {
        let woken = state.withLock { state -> [(ConditionWaiter, Bool)] in
            guard !state.waiters.isEmpty else { return [] }
            var woken: [(ConditionWaiter, Bool)] = []
            var waiting: [ConditionWaiter] = []
            for waiter in state.waiters {
                if waiter.condition.holds(for: state.broker, state.doors, at: timeline.now) {
                    woken.append((waiter, true))
                } else if state.hasEnded {
                    woken.append((waiter, false))
                } else {
                    waiting.append(waiter)
                }
            }
            state.waiters = waiting
            return woken
        }
        for (waiter, holds) in woken { waiter.continuation.resume(returning: holds) }
    }
}
