import NIOCore
import Synchronization

/// A connection to an asset server, and who carries out requests on it.
struct AssetConnection: Sendable {
    let origin: PlainOrigin
    let channel: any Channel
    private let handler: NIOLoopBound<AssetExchangeHandler>
    /// When its last exchange ended.
    var idleSince = NIODeadline.now()

    /// To be called on the channel's event loop.
    init(origin: PlainOrigin, channel: any Channel, handler: AssetExchangeHandler) {
        self.origin = origin
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// Lets the handler do something on its event loop: at once where this is it.
    func withHandler(_ work: @escaping @Sendable (AssetExchangeHandler) -> Void) {
        guard channel.eventLoop.inEventLoop else { return channel.eventLoop.execute { work(handler.value) } }
        work(handler.value)
    }
}

/// One exchange as the task sees it that waits for its answer: it may be cancelled before there is a connection for it,
/// while it is under way, or when its connection serves another already, which is then none of its business.
final class AssetUse: Sendable {
    private let exchange: AssetExchange
    private let promise: EventLoopPromise<AssetAnswer>
    private let state = Mutex<(isCancelled: Bool, connection: AssetConnection?)>((false, nil))

    init(_ exchange: AssetExchange, on eventLoop: any EventLoop) {
        self.exchange = exchange
        promise = eventLoop.makePromise()
    }

    var answer: AssetAnswer { get async throws { try await promise.futureResult.get() } }

    /// Ends the exchange before it began.
    func fail(_ error: any Error) { promise.fail(error) }

    /// Begins the exchange, if it is still wanted.
    ///
    /// - Parameter giveBack: called where it is not, with the connection that nothing was sent on.
    func begin(on connection: AssetConnection, orGiveBack giveBack: @escaping @Sendable (AssetConnection) -> Void) {
        state.withLock { $0.connection = connection }
        connection.withHandler { [self] handler in
            // Asked here, where a cancellation that comes later finds the exchange under way.
            if state.withLock({ $0.isCancelled }) { return giveBack(connection) }
            handler.begin(exchange, promise)
        }
    }

    func cancel() {
        // First, so that this is told and not that the connection has closed.
        promise.fail(CancellationError())
        let connection = state.withLock { state in
            state.isCancelled = true
            return state.connection
        }
        connection?.withHandler { [promise] handler in handler.cancel(promise) }
    }
}
