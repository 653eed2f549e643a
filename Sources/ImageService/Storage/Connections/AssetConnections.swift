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
        /// Requests that may wait for a connection. One more is refused at once.
        var waitersMax = 10_000
        /// How long a connection may take to be made; then storage counts as unavailable.
        var connectTimeout = TimeAmount.seconds(2)
        /// How long a connection may be idle and still be used again: less than servers close theirs after.
        var idleMax = TimeAmount.seconds(30)
    }

    private struct State: Sendable {
        /// The latest used last.
        var idle: [AssetConnection] = []
        /// All of them, those that are being made included.
        var count = 0
        /// Who waits for a connection, the first first. Who is cancelled leaves at once.
        var waiters: Deque<AssetUse> = []
    }

    private let limits: Limits
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, limits: Limits = Limits()) {
        self.group = group
        self.limits = limits
    }

    deinit {
        // Nobody waits any more: whoever does holds on to this.
        for connection in state.withLock(\.idle) { connection.channel.close(promise: nil) }
    }

    /// How many requests wait for a connection.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Carries out a request. A task that is cancelled meanwhile waits no longer, and closes the connection.
    ///
    /// Throws ``StorageTrouble/overloaded`` where too many wait already.
    func answer(to exchange: AssetExchange, from origin: PlainOrigin) async throws -> AssetAnswer {
        let use = AssetUse(exchange, from: origin, on: group.any())
        return try await withTaskCancellationHandler {
            lease(for: use)
            return try await use.answer
        } onCancel: {
            use.cancel()
            state.withLock { state in
                if let index = state.waiters.firstIndex(where: { $0 === use }) { state.waiters.remove(at: index) }
            }
        }
    }

    // MARK: Leases

    private enum Lease {
        case idle(AssetConnection)
        case connect
        case wait
        case refuse
    }

    private func lease(for use: AssetUse) {
        let (lease, stale) = state.withLock { state -> (Lease, [AssetConnection]) in
            let oldest = NIODeadline.now() - limits.idleMax
            var stale = state.idle.filter { $0.idleSince < oldest }
            if !stale.isEmpty { state.idle.removeAll { $0.idleSince < oldest } }
            let own = state.idle.lastIndex { $0.origin == use.origin && $0.channel.eventLoop === use.eventLoop }
            let isFull = state.count >= limits.connectionsMax
            if let index = own ?? (isFull ? state.idle.lastIndex { $0.origin == use.origin } : nil) {
                return (.idle(state.idle.remove(at: index)), stale)
            }
            if isFull {
                guard state.waiters.count < limits.waitersMax else { return (.refuse, stale) }
                // All that are idle lead elsewhere, perhaps to where storage was before: one makes room by its end.
                if stale.isEmpty, !state.idle.isEmpty { stale = [state.idle.removeFirst()] }
                // Whoever is cancelled from here on finds itself among those who wait.
                if use.wantsConnection { state.waiters.append(use) }
                return (.wait, stale)
            }
            state.count += 1
            return (.connect, stale)
        }
        for connection in stale { connection.channel.close(promise: nil) }
        switch lease {
        case .idle(let connection): begin(use, on: connection)
        case .connect: connect(for: use)
        case .wait: break
        case .refuse: use.fail(StorageTrouble.overloaded)
        }
    }

    private func begin(_ use: AssetUse, on connection: AssetConnection) {
        use.begin(on: connection) { [self] in giveBack($0) }
    }

    private func connect(for use: AssetUse) {
        ClientBootstrap(group: use.eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AssetExchangeHandler())
                }
            }
            .connect(host: use.origin.host, port: use.origin.port)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: AssetExchangeHandler.self)
                let connection = AssetConnection(origin: use.origin, channel: channel, handler: handler)
                handler.onEnd = { [weak self] isReusable in
                    guard isReusable else { return }
                    guard let self else { return channel.close(promise: nil) }
                    giveBack(connection)
                }
                channel.closeFuture.whenComplete { [weak self] _ in self?.closed(channel) }
                return connection
            }
            .whenComplete { [self] result in
                switch result {
                case .success(let connection): begin(use, on: connection)
                case .failure(let error):
                    closed(nil)
                    use.fail(error)
                }
            }
    }

    /// A connection is free: who waits for one of its kind gets it. It makes room for who waits for one of another kind.
    /// To be called on its event loop.
    private func giveBack(_ connection: AssetConnection) {
        // Closed meanwhile: who waits was or will be told of that (`closed`).
        guard connection.channel.isActive else { return }
        var connection = connection
        connection.idleSince = .now()
        let (use, isKept) = state.withLock { state -> (AssetUse?, Bool) in
            if let index = state.waiters.firstIndex(where: { $0.origin == connection.origin }) {
                return (state.waiters.remove(at: index), true)
            }
            guard state.waiters.isEmpty else { return (nil, false) }
            state.idle.append(connection)
            return (nil, true)
        }
        if let use { begin(use, on: connection) }
        if !isKept { connection.channel.close(promise: nil) }
    }

    /// A connection is gone, or could not be made: there is room for another.
    private func closed(_ channel: (any Channel)?) {
        let use = state.withLock { state in
            if let channel { state.idle.removeAll { $0.channel === channel } }
            state.count -= 1
            let use = state.waiters.popFirst()
            if use != nil { state.count += 1 }
            return use
        }
        // Not from here: where connecting fails at once, each who waits would stand on the stack of the one before.
        if let use { use.eventLoop.execute { [self] in connect(for: use) } }
    }
}
