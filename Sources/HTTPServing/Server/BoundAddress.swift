import ServiceLifecycle
import Synchronization

/// Where a server listens.
public struct BoundAddress: Sendable, Hashable {
    public let host: String
    public let port: Int
    /// `http://127.0.0.1:8000`, without a slash at the end.
    public var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

/// The address of a listener, for those that wait until it is bound.
final class PendingAddress: Sendable {
    private struct State: Sendable {
        var address: BoundAddress?
        var waiting: [AsyncStream<BoundAddress>.Continuation] = []
    }

    private let state = Mutex(State())

    /// The address, once there is one.
    var known: BoundAddress? { state.withLock { $0.address } }

    /// Called once, when the listener is bound.
    func isBound(to address: BoundAddress) {
        let waiting = state.withLock { state in
            state.address = address
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting {
            continuation.yield(address)
            continuation.finish()
        }
    }

    /// Waits for it. Throws `CancellationError` where the task is cancelled, or asked to stop, before.
    func wait() async throws -> BoundAddress {
        let (stream, continuation) = AsyncStream.makeStream(of: BoundAddress.self)
        let known = state.withLock { state in
            if state.address == nil { state.waiting.append(continuation) }
            return state.address
        }
        if let known { return known }
        for await address in stream.cancelOnGracefulShutdown() { return address }
        throw CancellationError()
    }
}
