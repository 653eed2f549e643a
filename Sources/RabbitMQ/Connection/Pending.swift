import MessageHub
import Synchronization

/// Something that was asked of the connection's thread and the task that waits for its outcome.
///
/// Whoever settles it first decides: the thread with the hub's answer, or the cancelled task. From then on the content
/// is gone, so that what nobody waits for takes no memory and is not sent any more.
final class Pending<Content: Sendable, Value: Sendable>: Sendable {
    private struct State {
        var content: Content?
        var continuation: CheckedContinuation<Result<Value, HubError>, Never>?
        var isSettled = false
        /// Only until the task takes it: the outcome must not live as long as this does.
        var result: Result<Value, HubError>?
    }

    private let state: Mutex<State>

    init(_ content: Content) { state = Mutex(State(content: content)) }

    /// What was asked; `nil` once it is settled.
    var content: Content? { state.withLock { $0.content } }

    var isSettled: Bool { state.withLock { $0.isSettled } }

    /// Gives the outcome to the task that waits. `false` where another came first.
    @discardableResult
    func settle(_ result: Result<Value, HubError>) -> Bool {
        let (isFirst, continuation) = state.withLock { state in
            guard !state.isSettled else { return (false, CheckedContinuation<Result<Value, HubError>, Never>?.none) }
            state.isSettled = true
            state.content = nil
            if state.continuation == nil { state.result = result }
            return (true, state.continuation.take())
        }
        continuation?.resume(returning: result)
        return isFirst
    }

    /// Calls `start`, which hands this to the thread, and waits for the outcome. A task that is cancelled meanwhile
    /// gets `HubError.cancelled` at once. To be called once.
    func value(_ start: () -> Void) async throws(HubError) -> Value {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, HubError>, Never>) in
                let settled = state.withLock { state in
                    if !state.isSettled { state.continuation = continuation }
                    return state.result.take()
                }
                if let settled {
                    continuation.resume(returning: settled)
                } else {
                    start()
                }
            }
        } onCancel: {
            settle(.failure(.cancelled))
        }
        return try result.get()
    }
}
