import AMQP
import NIOCore
import NIOPosix

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
    private let reader: Reader

    /// Connects, and says nothing yet.
    init(port: Int, receiveBufferBytes: Int? = nil) async throws {
        let (bytes, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
        if let receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBufferBytes))
        }
        channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        reader = Reader(bytes)
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
    static func withChannel(port: Int) async throws -> RawClient {
        let client = try await loggedIn(port: port)
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
    func send(_ frames: Frame...) async throws {
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

    /// Asks and takes the next thing that comes.
    func ask(_ method: AMQP.Method) async throws -> String {
        try await send(method, channel: 1)
        return "\(try await next())"
    }

    /// Whether nothing but the end comes.
    func hearsTheEnd() async throws -> Bool { try await next() == .end }

    func close() async { try? await channel.close() }

    enum ClientError: Error {
        case notOpened
    }

    /// One reader at a time, as in any test.
    private actor Reader {
        private var bytes: AsyncStream<[UInt8]>.Iterator
        private var decoder = FrameDecoder(frameMax: 0)
        private var waiting: [UInt8] = []

        init(_ bytes: AsyncStream<[UInt8]>) { self.bytes = bytes.makeAsyncIterator() }

        func next() async throws -> Event {
            while true {
                if waiting.starts(with: "AMQP".utf8) { return .protocolHeader }
                if let frame = try decode() { return .frame(frame) }
                guard let more = await read() else { return .end }
                waiting += more
            }
        }

        private func read() async -> [UInt8]? {
            var bytes = self.bytes
            defer { self.bytes = bytes }
            return await bytes.next(isolation: self)
        }

        private func decode() throws -> Frame? {
            let (frame, used) = try waiting.withUnsafeBytes { all in
                var input = all
                let frame = try decoder.next(&input).map { try Frame($0) }
                return (frame, all.count - input.count)
            }
            waiting.removeFirst(used)
            return frame
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let bytes: AsyncStream<[UInt8]>.Continuation

        init(_ bytes: AsyncStream<[UInt8]>.Continuation) { self.bytes = bytes }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.yield(Array(buffer: unwrapInboundIn(data)))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { bytes.finish() }
        }

        func channelInactive(context: ChannelHandlerContext) { bytes.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { bytes.finish() }
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
    /// A hub that does not wait long for clients that do not answer its `close`: most of these tests do not.
    static var forTests: HubConfiguration {
        var configuration = HubConfiguration()
        configuration.limits.closeMs = 50
        return configuration
    }
}
