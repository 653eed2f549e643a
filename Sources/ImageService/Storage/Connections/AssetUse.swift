import NIOCore
import Synchronization

/// One exchange as the task sees it that waits for its answer: it may be cancelled before there is a connection for it,
/// while it is under way, or when its connection serves another already, which is then none of its business.
final class AssetUse: Sendable {
    private struct State: Sendable {
        /// Until it begins, or is given up: what is given up keeps no bytes.
        var exchange: AssetExchange?
        var connection: AssetConnection?
    }

    let origin: PlainOrigin
    /// The one that the exchange is best carried out on.
    let eventLoop: any EventLoop
    private let promise: EventLoopPromise<AssetAnswer>
    private let state: Mutex<State>

    init(_ exchange: AssetExchange, from origin: PlainOrigin, on eventLoop: any EventLoop) {
        self.origin = origin
        self.eventLoop = eventLoop
        promise = eventLoop.makePromise()
        state = Mutex(State(exchange: exchange))
    }

    var answer: AssetAnswer { get async throws { try await promise.futureResult.get() } }

    /// Whether a connection is of any use to it: it has not begun, and is not given up.
    var wantsConnection: Bool { state.withLock { $0.exchange != nil } }

    /// Ends the exchange before it began.
    func fail(_ error: any Error) {
        state.withLock { $0.exchange = nil }
        promise.fail(error)
    }

    /// Begins the exchange, if it is still wanted.
    ///
    /// - Parameter giveBack: called where it is not, with the connection that nothing was sent on, on its event loop.
    func begin(on connection: AssetConnection, orGiveBack giveBack: @escaping @Sendable (AssetConnection) -> Void) {
        state.withLock { $0.connection = connection }
        connection.withHandler { [self] handler in
            // Taken here, where a cancellation that comes later finds the exchange under way.
            guard let exchange = state.withLock({ $0.exchange.take() }) else { return giveBack(connection) }
            handler.begin(exchange, promise)
        }
    }

    func cancel() {
        // First, so that this is told and not that the connection has closed.
        promise.fail(CancellationError())
        let connection = state.withLock { state in
            state.exchange = nil
            return state.connection
        }
        connection?.withHandler { [promise] handler in handler.cancel(promise) }
    }
}
