import DequeModule
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Connections to asset servers that are spoken to in the clear, kept open from one request to the next.
///
/// A request that comes on an event loop gets a connection of that loop, so that it goes out, and its answer comes in,
/// without another thread. A general client brings a URL parser, redirects, TLS, HTTP/2 and some tasks for each request;
/// with it an upload of a small image costs twice the CPU.
final class AssetConnections: Sendable {
    struct Limits: Sendable {
        /// Connections in all; more requests at once wait for one.
        var connectionsMax = 64
        /// How long a connection may take to be made.
        var connectTimeout = TimeAmount.seconds(2)
        /// How long a connection may be idle and still be used again: less than servers close theirs after.
        var idleMax = TimeAmount.seconds(30)
        /// Bytes of a request's body that are copied for the socket at a time.
        var chunkBytes = 64 * 1024
    }

    /// A connection, and who carries out requests on it.
    private struct Connection: Sendable {
        let origin: PlainOrigin
        let channel: any Channel
        let handler: NIOLoopBound<AssetExchangeHandler>
        var idleSince = NIODeadline.now()

        func begin(_ exchange: AssetExchange, _ answer: EventLoopPromise<AssetAnswer>) {
            guard channel.eventLoop.inEventLoop else {
                return channel.eventLoop.execute { handler.value.begin(exchange, answer) }
            }
            handler.value.begin(exchange, answer)
        }
    }

    private struct Waiter: Sendable {
        let origin: PlainOrigin
        let promise: EventLoopPromise<Connection>
    }

    private struct State: Sendable {
        /// The latest used last.
        var idle: [Connection] = []
        /// All of them, those that are being made included.
        var count = 0
        var waiters: Deque<Waiter> = []
        var isShutDown = false
    }

    private let limits: Limits
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, limits: Limits = Limits()) {
        self.group = group
        self.limits = limits
    }

    deinit { shutDown() }

    /// Closes what is idle, and what becomes idle later.
    func shutDown() {
        let (idle, waiters) = state.withLock { state in
            state.isShutDown = true
            defer { (state.idle, state.waiters) = ([], []) }
            return (state.idle, state.waiters)
        }
        for connection in idle { connection.channel.close(promise: nil) }
        for waiter in waiters { waiter.promise.fail(ChannelError.ioOnClosedChannel) }
    }

    /// Carries out a request. A task that is cancelled meanwhile waits no longer, and closes the connection.
    func answer(to exchange: AssetExchange, from origin: PlainOrigin) async throws -> AssetAnswer {
        let eventLoop = group.any()
        let answer = eventLoop.makePromise(of: AssetAnswer.self)
        let use = Use()
        return try await withTaskCancellationHandler {
            let leased = eventLoop.makePromise(of: Connection.self)
            leased.futureResult.whenComplete { [weak self] result in
                switch result {
                case .failure(let error): answer.fail(error)
                case .success(let connection) where use.begins(on: connection.channel):
                    connection.begin(exchange, answer)
                case .success(let connection): self?.giveBack(connection)
                }
            }
            lease(origin, on: eventLoop, leased)
            return try await answer.futureResult.get()
        } onCancel: {
            // First, so that this is told and not that the connection has closed.
            answer.fail(CancellationError())
            use.cancel()
        }
    }

    /// The use that a task makes of a connection, until it is cancelled.
    private final class Use: Sendable {
        private let state = Mutex<(isCancelled: Bool, channel: (any Channel)?)>((false, nil))

        func begins(on channel: any Channel) -> Bool {
            state.withLock { state in
                state.channel = channel
                return !state.isCancelled
            }
        }

        func cancel() {
            let channel = state.withLock { state in
                defer { state.isCancelled = true }
                return state.channel
            }
            channel?.close(promise: nil)
        }
    }

    // MARK: Leases

    private enum Lease {
        case idle(Connection)
        case connect
        case wait
        case refuse
    }

    private func lease(_ origin: PlainOrigin, on eventLoop: any EventLoop, _ promise: EventLoopPromise<Connection>) {
        let (lease, stale) = state.withLock { state -> (Lease, [Connection]) in
            if state.isShutDown { return (.refuse, []) }
            let oldest = NIODeadline.now() - limits.idleMax
            let stale = state.idle.filter { $0.idleSince < oldest }
            if !stale.isEmpty { state.idle.removeAll { $0.idleSince < oldest } }
            let own = state.idle.lastIndex { $0.origin == origin && $0.channel.eventLoop === eventLoop }
            let isFull = state.count >= limits.connectionsMax
            if let index = own ?? (isFull ? state.idle.lastIndex { $0.origin == origin } : nil) {
                return (.idle(state.idle.remove(at: index)), stale)
            }
            if isFull {
                state.waiters.append(Waiter(origin: origin, promise: promise))
                return (.wait, stale)
            }
            state.count += 1
            return (.connect, stale)
        }
        for connection in stale { connection.channel.close(promise: nil) }
        switch lease {
        case .idle(let connection): promise.succeed(connection)
        case .connect: connect(to: origin, on: eventLoop, promise)
        case .wait: break
        case .refuse: promise.fail(ChannelError.ioOnClosedChannel)
        }
    }

    private func connect(to origin: PlainOrigin, on eventLoop: any EventLoop, _ promise: EventLoopPromise<Connection>) {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelInitializer { [chunkBytes = limits.chunkBytes] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AssetExchangeHandler(chunkBytes: chunkBytes))
                }
            }
            .connect(host: origin.host, port: origin.port)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: AssetExchangeHandler.self)
                let connection = Connection(
                    origin: origin,
                    channel: channel,
                    handler: NIOLoopBound(handler, eventLoop: channel.eventLoop)
                )
                handler.onEnd = { [weak self] isReusable in
                    guard isReusable else { return }
                    guard let self else { return channel.close(promise: nil) }
                    giveBack(connection)
                }
                channel.closeFuture.whenComplete { [weak self] _ in self?.closed(channel) }
                return connection
            }
            .flatMapErrorThrowing { [weak self] error in
                self?.closed(nil)
                throw error
            }
            .cascade(to: promise)
    }

    /// A connection is free: who waits for one of its kind gets it.
    private func giveBack(_ connection: Connection) {
        var connection = connection
        connection.idleSince = .now()
        let (waiter, isShutDown) = state.withLock { state -> (Waiter?, Bool) in
            if state.isShutDown { return (nil, true) }
            guard let index = state.waiters.firstIndex(where: { $0.origin == connection.origin }) else {
                state.idle.append(connection)
                return (nil, false)
            }
            return (state.waiters.remove(at: index), false)
        }
        if isShutDown { connection.channel.close(promise: nil) }
        waiter?.promise.succeed(connection)
    }

    /// A connection is gone, or could not be made: there is room for another.
    private func closed(_ channel: (any Channel)?) {
        let waiter = state.withLock { state in
            if let channel { state.idle.removeAll { $0.channel === channel } }
            state.count -= 1
            guard let waiter = state.waiters.popFirst() else { return Waiter?.none }
            state.count += 1
            return waiter
        }
        if let waiter { connect(to: waiter.origin, on: waiter.promise.futureResult.eventLoop, waiter.promise) }
    }
}
