import Synchronization

/// A value that changes, to be read now, waited for, or followed.
public final class Observed<Value: Sendable & Equatable>: Sendable {
    private struct Waiter {
        var isMet: @Sendable (Value) -> Bool
        var continuation: CheckedContinuation<Value?, Never>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var followers: [Int: AsyncStream<Value>.Continuation] = [:]
        var nextID = 0
    }

    private let state: Mutex<State>

    public init(_ value: Value) { state = Mutex(State(value: value)) }

    /// The value as it is now.
    public var value: Value { state.withLock { $0.value } }

    /// Changes the value; nothing is told where it stays the same.
    ///
    /// Everybody is told inside the lock, so that nobody sees two changes in the wrong order; telling only makes tasks
    /// ready to run.
    package func update(_ change: (inout Value) -> Void) {
        state.withLock { state in
            let before = state.value
            change(&state.value)
            let value = state.value
            guard value != before else { return }
            for (id, waiter) in state.waiters where waiter.isMet(value) {
                state.waiters[id] = nil
                waiter.continuation.resume(returning: value)
            }
            for follower in state.followers.values { follower.yield(value) }
        }
    }

    /// The value now and every change from now on. A slow reader misses what lies between, never the newest.
    public var values: AsyncStream<Value> {
        let (stream, continuation) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            state.followers[id] = continuation
            continuation.yield(state.value)
            return id
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.followers.removeValue(forKey: id) }
        }
        return stream
    }

    /// Waits until the value is as `isMet` wants it, and gives it; no change is missed. Throws when the task is cancelled.
    @discardableResult
    public func waitUntil(_ isMet: @escaping @Sendable (Value) -> Bool) async throws(CancellationError) -> Value {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        let met = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
                let known = state.withLock { state -> Value?? in
                    if isMet(state.value) { return .some(state.value) }
                    // Asked inside the lock: a cancellation from here on finds the waiter.
                    if Task.isCancelled { return .some(nil) }
                    state.waiters[id] = Waiter(isMet: isMet, continuation: continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume(returning: nil)
        }
        guard let met else { throw CancellationError() }
        return met
    }
}
