/// Someone who waits for the hub to be in some state.
struct ConditionWaiter {
    let number: UInt64
    let condition: HubCondition
    /// Whether it has held in between two commands of a batch.
    var hasHeld = false
    let continuation: CheckedContinuation<Bool, Never>
}

extension Hub {
    /// Waits until the condition holds; it is looked at after every command, never polled. A predicate of one's own
    /// (`.snapshot`) is asked after every batch of commands: after everything that one read of a socket brings.
    /// - Returns: false where the task was cancelled or the hub ended before.
    package func wait(for condition: HubCondition) async -> Bool {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = ConditionWaiter(number: number, condition: condition, continuation: continuation)
                state.withLock { $0.waiters.append(waiter) }
                // Cancelled before it was noted, when the handler below had nobody to wake.
                if Task.isCancelled { endWait(number, false) } else { runWaiters() }
            }
        } onCancel: {
            endWait(number, false)
        }
    }

    /// Wakes those whose condition holds by now; all, once the hub has ended.
    func runWaiters() {
        let (verdicts, hasEnded) = state.withLock { state in
            let now = timeline.now
            let verdicts = state.waiters.map { waiter -> (UInt64, HubCondition.Verdict) in
                (
                    waiter.number,
                    waiter.hasHeld
                        ? .decided(true) : waiter.condition.verdict(on: state.broker, state.doors, at: now)
                )
            }
            return (verdicts, state.hasEnded)
        }
        for (number, verdict) in verdicts {
            // What is not the hub's own is asked without its lock: it may look into the hub itself.
            let holds =
                switch verdict {
                case .decided(let holds): holds
                case .asked(let predicate, let snapshot): predicate(snapshot)
                }
            if holds || hasEnded { endWait(number, holds) }
        }
    }

    /// Wakes one who waits; whoever comes second finds nobody.
    private func endWait(_ number: UInt64, _ answer: Bool) {
        let waiter = state.withLock { state -> ConditionWaiter? in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: answer)
    }
}

extension Hub.State {
    /// Notes whose condition holds now, in the middle of a batch: by its end it may not hold any more.
    mutating func noteConditions() {
        for index in waiters.indices where !waiters[index].hasHeld {
            waiters[index].hasHeld = waiters[index].condition.holds(for: broker)
        }
    }
}
