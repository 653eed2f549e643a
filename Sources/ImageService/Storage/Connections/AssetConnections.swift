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
    }

    private struct Waiter: Sendable {
        let origin: PlainOrigin
        let promise: EventLoopPromise<AssetConnection>
    }

    private struct State: Sendable {
        /// The latest used last.
        var idle: [AssetConnection] = []
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
        let use = AssetUse(exchange, on: eventLoop)
        return try await withTaskCancellationHandler {
            let leased = eventLoop.makePromise(of: AssetConnection.self)
            leased.futureResult.whenComplete { [self] result in
                switch result {
                case .failure(let error): use.fail(error)
                case .success(let connection): use.begin(on: connection) { self.giveBack($0) }
                }
            }
            lease(origin, on: eventLoop, leased)
            return try await use.answer
        } onCancel: {
            use.cancel()
        }
    }

    // MARK: Leases

    private enum Lease {
        case idle(AssetConnection)
        case connect
        case wait
        case refuse
    }

    private func lease(_ origin: PlainOrigin, on eventLoop: any EventLoop, _ promise: EventLoopPromise<AssetConnection>)
    {
        let (lease, stale) = state.withLock { state -> (Lease, [AssetConnection]) in
            if state.isShutDown { return (.refuse, []) }
            let oldest = NIODeadline.now() - limits.idleMax
            var stale = state.idle.filter { $0.idleSince < oldest }
            if !stale.isEmpty { state.idle.removeAll { $0.idleSince < oldest } }
            let own = state.idle.lastIndex { $0.origin == origin && $0.channel.eventLoop === eventLoop }
            let isFull = state.count >= limits.connectionsMax
            if let index = own ?? (isFull ? state.idle.lastIndex { $0.origin == origin } : nil) {
                return (.idle(state.idle.remove(at: index)), stale)
            }
            if isFull {
                // All that are idle lead elsewhere, perhaps to where storage was before: one makes room by its end.
                if stale.isEmpty, !state.idle.isEmpty { stale = [state.idle.removeFirst()] }
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

    private func connect(
        to origin: PlainOrigin,
        on eventLoop: any EventLoop,
        _ promise: EventLoopPromise<AssetConnection>
    ) {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AssetExchangeHandler())
                }
            }
            .connect(host: origin.host, port: origin.port)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: AssetExchangeHandler.self)
                let connection = AssetConnection(origin: origin, channel: channel, handler: handler)
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

    /// A connection is free: who waits for one of its kind gets it. It makes room for who waits for one of another kind.
    private func giveBack(_ connection: AssetConnection) {
        var connection = connection
        connection.idleSince = .now()
        let (waiter, isKept) = state.withLock { state -> (Waiter?, Bool) in
            if let index = state.waiters.firstIndex(where: { $0.origin == connection.origin }) {
                return (state.waiters.remove(at: index), true)
            }
            guard !state.isShutDown, state.waiters.isEmpty else { return (nil, false) }
            state.idle.append(connection)
            return (nil, true)
        }
        if !isKept { connection.channel.close(promise: nil) }
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
