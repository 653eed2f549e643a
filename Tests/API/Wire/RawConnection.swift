import NIOCore
import NIOPosix

/// A TCP connection on which a test says exactly what it wants, and reads what comes.
struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Connects to `http://host:port`, runs `body`, and closes.
    static func open<Value: Sendable>(
        to url: String,
        _ body: @Sendable (inout Conversation) async throws -> Value
    ) async throws -> Value {
        let authority = url.dropFirst("http://".count).split(separator: ":")
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: String(authority[0]), port: Int(authority[1]) ?? 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var conversation = Conversation(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&conversation)
        }
    }

    /// What was said and heard.
    struct Conversation {
        fileprivate var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var heard = ""

        fileprivate init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.inbound = inbound
            self.outbound = outbound
        }

        func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

        func send(_ text: String) async throws { try await send(Array(text.utf8)) }

        /// Reads until what was heard since the last call holds this text, and returns all of it; what there was until
        /// the peer closed, where it does not come.
        mutating func hear(until text: String) async throws -> String {
            while !heard.contains(text), let more = try await inbound.next() {
                heard += String(decoding: more.readableBytesView, as: UTF8.self)
            }
            defer { heard = "" }
            return heard
        }
    }
}
