import NIOCore

/// Tells ``ConnectionHandler``, which sits behind the parser, that bytes came: the parser is silent until a whole
/// header is there, and a slow header must be told from no request at all.
final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The event: so many bytes came.
    struct Arrival: Sendable {
        let bytes: Int
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(Arrival(bytes: unwrapInboundIn(data).readableBytes))
        context.fireChannelRead(data)
    }
}
