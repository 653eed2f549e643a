import ServiceLifecycle
import Synchronization

/// Where HTTP listens, for those that wait until it is known.
final class BoundAddress: Sendable {
    private struct State: Sendable {
        var url: String?
        var waiting: [AsyncStream<String>.Continuation] = []
    }

    private let state = Mutex(State())

    /// Called once, when the listener is bound.
    func isKnown(_ url: String) {
        let waiting = state.withLock { state in
            state.url = url
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting {
            continuation.yield(url)
            continuation.finish()
        }
    }

    /// Waits for it. Throws `CancellationError` where the task is cancelled, or asked to stop, before.
    func url() async throws -> String {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let known = state.withLock { state in
            if state.url == nil { state.waiting.append(continuation) }
            return state.url
        }
        if let known { return known }
        for await url in stream.cancelOnGracefulShutdown() { return url }
        throw CancellationError()
    }
}

/// Tells that HTTP listens, and then waits with the others for the end.
struct Listening: Service {
    let address: BoundAddress
    let tell: @Sendable (String) async throws -> Void

    func run() async throws {
        try await tell(try await address.url())
        try await gracefulShutdown()
    }
}
