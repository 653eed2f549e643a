import NIOCore
import NIOPosix

/// A client that sends whatever bytes it is told to and reads answers byte by byte: real sockets, no HTTP library.
final class RawClient {
    /// The server closed the connection before the answer was whole.
    struct ClosedError: Error, CustomStringConvertible {
        let received: String
        var description: String { "closed after \(received.debugDescription)" }
    }

    /// Nothing came for ten seconds: the test would hang.
    struct SilenceError: Error {}

    let channel: any Channel
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var buffer: [UInt8] = []

    private init(channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>) {
        self.channel = channel
        iterator = inbound.makeAsyncIterator()
    }

    /// Connects to a port of the loopback address, and closes at the end.
    static func connected<Value: Sendable>(
        to port: Int,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (RawClient) async throws -> Value
    ) async throws -> Value {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(
                        backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1),
                        isOutboundHalfClosureEnabled: true
                    )
                )
            }
        }
        return try await channel.executeThenClose { inbound, _ in
            try await body(RawClient(channel: channel.channel, inbound: inbound))
        }
    }

    func send(_ text: String) async throws { try await send(bytes: Array(text.utf8)) }

    /// Returns when the socket has taken the bytes.
    func send(bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// Says that nothing more will be sent, and goes on listening.
    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    /// Ends the connection with a reset, as a client does that crashes.
    func reset() async throws {
        guard let provider = channel as? any SocketOptionProvider else {
            preconditionFailure("Cannot reset: no socket")
        }
        try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close().get()
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: String) async throws -> RawResponse {
        try await send(request)
        return try await receive(head: request.hasPrefix("HEAD "))
    }

    /// Reads one answer. `head`: it has no body, whatever its header says.
    func receive(head isHead: Bool = false) async throws -> RawResponse {
        let lines = try await headLines()
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
        }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw ClosedError(received: lines.joined(separator: "\n"))
        }
        var response = RawResponse(status: status, fields: Array(fields), body: [])
        if isHead || status < 200 || status == 204 || status == 304 { return response }
        if response["transfer-encoding"] == "chunked" {
            while true {
                let size = Int(try await line(), radix: 16) ?? -1
                response.body += try await take(size)
                _ = try await take(2)
                if size <= 0 { return response }
            }
        } else if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try await take(length)
        } else {
            response.body = try await receiveToEnd()
        }
        return response
    }

    /// Reads until the server closes the connection. Throws where it resets it.
    func receiveToEnd() async throws -> [UInt8] {
        while try await more() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether the server closed the connection in good order, without another byte and without a reset.
    func isClosedByServer() async -> Bool {
        do {
            return try await receiveToEnd().isEmpty
        } catch {
            return false
        }
    }

    private func headLines() async throws -> [String] {
        var lines: [String] = []
        while true {
            let next = try await line()
            if next.isEmpty { return lines }
            lines.append(next)
        }
    }

    private func line() async throws -> String {
        while true {
            if let end = buffer.indices.dropLast().first(where: { buffer[$0] == 13 && buffer[$0 + 1] == 10 }) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 2)
                return line
            }
            guard try await more() else { throw ClosedError(received: String(decoding: buffer, as: UTF8.self)) }
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count {
            guard try await more() else { throw ClosedError(received: String(decoding: buffer, as: UTF8.self)) }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func more() async throws -> Bool {
        let channel = channel
        // A read of a NIO channel ends when the channel closes, so this bounds it without a second task.
        let isSilent = Flag()
        let alarm = channel.eventLoop.scheduleTask(in: .seconds(10)) {
            isSilent.raise()
            channel.close(promise: nil)
        }
        defer { alarm.cancel() }
        guard let bytes = try await iterator.next() else {
            if isSilent.isRaised { throw SilenceError() }
            return false
        }
        buffer += bytes.readableBytesView
        return true
    }
}
