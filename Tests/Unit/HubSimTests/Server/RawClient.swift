import AMQP
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import HubSim

/// A client that says on the socket exactly what it is told, and reads frame by frame.
final class RawClient: Sendable {
    /// What came from the server.
    enum Event: Equatable, Sendable, CustomStringConvertible {
        case frame(Frame)
        /// The server's protocol header: it refuses ours.
        case protocolHeader
        /// The server has said all it will.
        case end

        var description: String {
            switch self {
            case .frame(let frame): "\(frame)"
            case .protocolHeader: "protocol header"
            case .end: "end"
            }
        }
    }

    private let channel: any Channel
    private let inbox: Inbox
    private let reader: Reader

    /// Connects, and says nothing yet.
    init(port: Int, receiveBufferBytes: Int? = nil, tls: NIOSSLContext? = nil) async throws {
        let inbox = Inbox()
        self.inbox = inbox
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(inbox))
                }
            }
        if let receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBufferBytes))
        }
        channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        reader = Reader(inbox)
    }

    /// Connects and logs in.
    static func loggedIn(
        port: Int,
        tune: ConnectionTuneOk = ConnectionTuneOk(channelMax: 2047, frameMax: 131_072, heartbeat: 0),
        properties: FieldTable = [:]
    ) async throws -> RawClient {
        let client = try await RawClient(port: port)
        try await client.sendHeader()
        _ = try await client.next()
        try await client.send(.connectionStartOk(.plain(properties: properties)))
        _ = try await client.next()
        try await client.send(.connectionTuneOk(tune))
        try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "/")))
        guard case .frame(.method(0, .connectionOpenOk)) = try await client.next() else { throw ClientError.notOpened }
        return client
    }

    /// Connects, logs in and opens channel 1.
    static func withChannel(port: Int, properties: FieldTable = [:]) async throws -> RawClient {
        let client = try await loggedIn(port: port, properties: properties)
        try await client.send(.channelOpen, channel: 1)
        _ = try await client.next()
        return client
    }

    func sendHeader() async throws { try await send(bytes: ProtocolHeader.amqp091.octets) }

    func send(bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func send(_ method: AMQP.Method, channel number: UInt16 = 0) async throws {
        try await send(.method(channel: number, method))
    }

    /// Frames in one write.
    func send(_ frames: Frame...) async throws { try await send(frames: frames) }

    /// Frames in one write.
    func send(frames: [Frame]) async throws {
        var writer = FrameWriter(frameMax: 0)
        for frame in frames { try writer.frame(frame) }
        try await send(bytes: writer.bytes)
    }

    func publish(
        _ body: String,
        to exchange: String = "",
        _ key: String,
        mandatory: Bool = false,
        _ properties: BasicProperties = BasicProperties()
    ) async throws {
        let publish = BasicPublish(exchange: exchange, routingKey: key, mandatory: mandatory)
        var writer = FrameWriter(frameMax: 131_072)
        try writer.method(.basicPublish(publish), channel: 1)
        try writer.header(channel: 1, bodySize: UInt64(body.utf8.count), properties: properties)
        writer.body(channel: 1, Array(body.utf8))
        try await send(bytes: writer.bytes)
    }

    /// The next thing that the server says.
    func next() async throws -> Event { try await reader.next() }

    /// Whether the server's end has come already, behind whatever is not yet read.
    func hasHeardTheEnd() async -> Bool { await reader.hasEnded }

    /// What has come and was not read, if there is any.
    func nextIfThere() async throws -> Event? { try await reader.nextIfThere() }

    /// The next thing that the server says; nil where it says nothing for so long.
    func next(within timeout: Duration) async throws -> Event? {
        let deadline = ContinuousClock.now + timeout
        // Only when there is nothing yet: most of what is asked for is there.
        if let event = try await reader.nextIfThere() { return event }
        let alarm = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { [inbox] in inbox.poke() }
        defer { alarm.cancel() }
        return try await reader.next(until: deadline)
    }

    /// Asks and takes the next thing that comes.
    func ask(_ method: AMQP.Method) async throws -> String {
        try await send(method, channel: 1)
        return "\(try await next())"
    }

    /// Whether nothing but the end comes.
    func hearsTheEnd() async throws -> Bool { try await next() == .end }

    func close() async { try? await channel.close() }

    /// Ends the connection as clients should, so that the server has forgotten it when this returns.
    /// - Parameter isClosed: whether the server has closed it already and waits for the answer.
    func leave(isClosed: Bool) async throws {
        let farewell = ConnectionClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)
        try? await send(isClosed ? .connectionCloseOk : .connectionClose(farewell))
        // RabbitMQ leaves it to the client to hang up.
        while !isClosed, let event = try await next(within: .seconds(5)), event != .end,
            event != .frame(.method(channel: 0, .connectionCloseOk))
        {}
        await close()
    }

    enum ClientError: Error {
        case notOpened
    }

    /// One reader at a time, as in any test.
    private actor Reader {
        private let inbox: Inbox
        private var decoder = FrameDecoder(frameMax: 0)
        private var waiting: [UInt8] = []

        init(_ inbox: Inbox) { self.inbox = inbox }

        func next() async throws -> Event {
            while true {
                // Asked before the bytes are taken: what comes before the end is there by then.
                let hasEnded = inbox.hasEnded
                if let event = try nextIfThere() { return event }
                if hasEnded { return .end }
                await inbox.news()
            }
        }

        var hasEnded: Bool { inbox.hasEnded }

        func next(until deadline: ContinuousClock.Instant) async throws -> Event? {
            while true {
                let hasEnded = inbox.hasEnded
                if let event = try nextIfThere() { return event }
                if hasEnded { return .end }
                if ContinuousClock.now >= deadline { return nil }
                await inbox.news()
            }
        }

        func nextIfThere() throws -> Event? {
            waiting += inbox.take()
            if waiting.starts(with: "AMQP".utf8) { return .protocolHeader }
            let (frame, used) = try waiting.withUnsafeBytes { all in
                var input = all
                let frame = try decoder.next(&input).map { try Frame($0) }
                return (frame, all.count - input.count)
            }
            waiting.removeFirst(used)
            return frame.map(Event.frame)
        }
    }

    /// What has come and was not yet read.
    private final class Inbox: Sendable {
        private let state = Mutex<(bytes: [UInt8], hasEnded: Bool)>(([], false))
        private let signals: AsyncStream<Void>
        private let signal: AsyncStream<Void>.Continuation

        init() { (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

        var hasEnded: Bool { state.withLock { $0.hasEnded } }

        func take() -> [UInt8] {
            state.withLock { state in
                defer { state.bytes = [] }
                return state.bytes
            }
        }

        /// Waits until something has come since it was last asked.
        func news() async { for await _ in signals { return } }

        /// Wakes up who waits, to look at the clock.
        func poke() { signal.yield() }

        func append(_ bytes: [UInt8]) {
            state.withLock { $0.bytes += bytes }
            signal.yield()
        }

        func end() {
            state.withLock { $0.hasEnded = true }
            signal.finish()
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let inbox: Inbox

        init(_ inbox: Inbox) { self.inbox = inbox }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            inbox.append(Array(buffer: unwrapInboundIn(data)))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { inbox.end() }
        }

        func channelInactive(context: ChannelHandlerContext) { inbox.end() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { inbox.end() }
    }
}

extension ConnectionStartOk {
    /// A login as guest, by a client with all capabilities unless it says otherwise.
    static func plain(
        user: String = "guest",
        password: String = "guest",
        properties: FieldTable = [:]
    ) -> ConnectionStartOk {
        var properties = properties
        if properties["capabilities"] == nil {
            properties["capabilities"] = [
                "authentication_failure_close": true, "consumer_cancel_notify": true, "connection.blocked": true,
            ]
        }
        return ConnectionStartOk(
            clientProperties: properties,
            mechanism: "PLAIN",
            response: Array("\0\(user)\0\(password)".utf8),
            locale: "en_US"
        )
    }
}

extension HubConfiguration {
    /// A hub that does not wait long for clients that do not answer its `close`, as most of these tests do not, and very
    /// long for everything else: a client of a test that has no turn for a while is not a client that is gone.
    static var forTests: HubConfiguration {
        var configuration = HubConfiguration()
        configuration.limits.closeMs = 50
        configuration.limits.handshakeMs = 300_000
        configuration.limits.writeStallMs = 300_000
        return configuration
    }
}
