import NIOCore
import NIOPosix
import NIOSSL

/// The hub's AMQP sockets, plain and TLS: accept connections, all of them on one event loop, so that a message that goes
/// from one connection to another changes no thread.
final class HubServer: Sendable {
    private let channels: [any Channel]
    private let connections: ServerConnections
    let host: String
    let port: Int
    /// The port for TLS, where there is one.
    let tlsPort: Int?

    private init(channels: [any Channel], connections: ServerConnections, host: String, port: Int, tlsPort: Int?) {
        self.channels = channels
        self.connections = connections
        self.host = host
        self.port = port
        self.tlsPort = tlsPort
    }

    /// Binds the sockets; port 0 takes a free one. Throws `HubListenError` where an address cannot be had.
    static func start(
        hub: Hub,
        settings: SessionSettings,
        host: String,
        port: Int,
        tls: TLSListener? = nil
    ) async throws -> HubServer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        hub.timeline.setBarrier { [work = hub.timeline.work] in await Self.settle(eventLoop, work) }
        let connections = ServerConnections(connectionsMax: settings.limits.connectionsMax)
        let memory = SocketMemory(bytesMax: settings.limits.socketBytesMax)
        let plain = try await listen(hub, settings, host, port, nil, connections, memory, on: eventLoop)
        var channels = [plain]
        if let tls {
            do {
                channels.append(
                    try await listen(hub, settings, host, tls.port, tls.context, connections, memory, on: eventLoop)
                )
            } catch {
                try? await plain.close()
                throw error
            }
        }
        return HubServer(
            channels: channels,
            connections: connections,
            host: host,
            port: plain.localAddress?.port ?? port,
            tlsPort: tls.map { channels.last?.localAddress?.port ?? $0.port }
        )
    }

    private static func listen(
        _ hub: Hub,
        _ settings: SessionSettings,
        _ host: String,
        _ port: Int,
        _ tls: NIOSSLContext?,
        _ connections: ServerConnections,
        _ memory: SocketMemory,
        on eventLoop: any EventLoop
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: 256 << 10, high: 1 << 20)
            )
            .childChannelInitializer { child in
                guard connections.add(child) else { return child.close() }
                if hub.refusals.refusesConnection(Self.peer(child)) { return child.reset() }
                return child.eventLoop.makeCompletedFuture {
                    let connection = ServerConnection(
                        hub: hub,
                        settings: settings,
                        peer: Self.peer(child),
                        isTLS: tls != nil,
                        memory: memory,
                        tap: WireTap(child, hub, frameBytesMax: settings.limits.frameBytesMax)
                    )
                    if let tls {
                        try child.pipeline.syncOperations.addHandlers(
                            NIOSSLServerHandler(context: tls),
                            ClientCertificateHandler(connection)
                        )
                    }
                    try child.pipeline.syncOperations.addHandler(connection)
                }
            }
        do {
            return try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw HubListenError(place: host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)", cause: error)
        }
    }

    /// Waits until the event loop has come to everything that it was given, and to what that led to. What a client keeps
    /// going without end is not waited for longer than this many rounds.
    private static func settle(_ eventLoop: any EventLoop, _ work: WorkCount) async {
        for round in 0..<1000 {
            // An event loop that has ended has nothing left to do.
            guard (try? await eventLoop.submit {}.get()) != nil else { return }
            // Two at least: closing a socket takes another turn of the loop.
            if round > 0, work.isNone { return }
        }
    }

    /// Takes no more connections.
    func stopListening() async {
        // A listener that is closed already is what is wanted.
        for channel in channels { try? await channel.close() }
    }

    /// Tells connections that the hub ends.
    func tellConnections() { connections.tellAll() }

    /// Waits until all connections have ended.
    func connectionsEnded() async { await connections.ended() }

    /// Cuts off clients that have got all that they were sent, and do not answer.
    func cutToldConnections() { connections.closeTold() }

    /// Cuts off what is left.
    func cutConnections() { connections.closeAll() }

    /// Both addresses, as RabbitMQ names connections.
    private static func peer(_ channel: any Channel) -> String {
        "\(describe(channel.remoteAddress)) -> \(describe(channel.localAddress))"
    }

    private static func describe(_ address: SocketAddress?) -> String {
        "\(address?.ipAddress ?? "?"):\(address?.port ?? 0)"
    }
}
