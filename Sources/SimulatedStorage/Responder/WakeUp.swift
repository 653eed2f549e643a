import Synchronization

/// Wakes tasks that wait for something to have changed. A change between looking and waiting is never missed:
/// who looks takes the count first and waits only while it is still the same.
final class WakeUp: Sendable {
    private struct State {
        var count = 0
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How many changes there have been.
    var count: Int { state.withLock(\.count) }

    /// Something has changed: all who wait look again.
    func signal() {
        let waiters = state.withLock { state in
            state.count += 1
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for a change after the `count`-th. Throws `CancellationError` where the task is cancelled.
    func wait(after count: Int) async throws {
        let key = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.count == count, !Task.isCancelled else { return true }
                    state.waiters[key] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.resume()
        }
        try Task.checkCancellation()
    }
}
