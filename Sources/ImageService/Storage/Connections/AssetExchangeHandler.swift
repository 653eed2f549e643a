import NIOCore
import NIOHTTP1

/// One request to the asset API, and what its answer may be.
struct AssetExchange: Sendable {
    /// Bytes of a body that are copied for the socket at a time.
    static let chunkBytes = 64 * 1024

    var head: HTTPRequestHead
    var body: [UInt8] = []
    var expectation: AssetAnswer.Expectation
}

/// Carries out requests on a connection, one after the other: sends what the socket takes, and gathers the answer.
///
/// A connection that is not at the end of both request and answer when an exchange ends is closed.
final class AssetExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The connection closed before the answer was whole.
    struct Closed: Error {}

    private struct Current {
        let expectation: AssetAnswer.Expectation
        let promise: EventLoopPromise<AssetAnswer>
        var unsent: ArraySlice<UInt8>
        var isSent = false
        var answer: AssetAnswer?
        var keepsAlive = false
    }

    private var current: Current?
    private var context: ChannelHandlerContext?
    /// Told when an exchange has ended: whether the connection can take another.
    var onEnd: ((_ isReusable: Bool) -> Void)?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        fail(Closed())
        onEnd = nil
    }

    /// To be called on the event loop, when there is no other exchange.
    func begin(_ exchange: AssetExchange, _ promise: EventLoopPromise<AssetAnswer>) {
        guard let context, context.channel.isActive else {
            promise.fail(Closed())
            onEnd?(false)
            return
        }
        precondition(current == nil, "Cannot begin an exchange during another")
        current = Current(expectation: exchange.expectation, promise: promise, unsent: exchange.body[...])
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        send(context)
    }

    /// Gives up the exchange that this promise is to be told of, where it is still under way. To be called on the event loop.
    func cancel(_ promise: EventLoopPromise<AssetAnswer>) {
        if current?.promise.futureResult === promise.futureResult { fail(CancellationError()) }
    }

    /// Writing may make the channel unwritable, and flushing writable again, which calls this anew: so what is still to be
    /// sent is noted before each step.
    private func send(_ context: ChannelHandlerContext) {
        while context.channel.isWritable, let chunk = takeChunk() {
            context.write(wrapOutboundOut(.body(.byteBuffer(chunk))), promise: nil)
        }
        if current?.isSent == false, current?.unsent.isEmpty == true {
            current?.isSent = true
            context.write(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.flush()
    }

    private func takeChunk() -> ByteBuffer? {
        guard let unsent = current?.unsent, !unsent.isEmpty else { return nil }
        current?.unsent = unsent.dropFirst(AssetExchange.chunkBytes)
        return ByteBuffer(bytes: unsent.prefix(AssetExchange.chunkBytes))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes after the end of an exchange is nobody's answer.
        guard current != nil else { return context.close(promise: nil) }
        do throws(StorageTrouble) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                current?.keepsAlive = head.isKeepAlive
                let expectation = current?.expectation
                current?.answer = try expectation.map { expected throws(StorageTrouble) in
                    try AssetAnswer(status: Int(head.status.code), headers: head.headers, expected)
                }
            case .body(let chunk):
                if try current?.answer?.take(chunk) == false { end(isReusable: false) }
            case .end:
                end(isReusable: current?.keepsAlive == true && current?.isSent == true)
            }
        } catch {
            fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        fail(Closed())
        context.fireChannelInactive()
    }

    private func end(isReusable: Bool) {
        guard let ended = current.take(), let answer = ended.answer else { return fail(Closed()) }
        if !isReusable { context?.close(promise: nil) }
        onEnd?(isReusable)
        ended.promise.succeed(answer)
    }

    private func fail(_ error: any Error) {
        // Taken before the connection is closed, which calls this anew and knows less of why.
        let failed = current.take()
        context?.close(promise: nil)
        guard let failed else { return }
        onEnd?(false)
        failed.promise.fail(error)
    }
}
