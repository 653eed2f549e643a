import NIOCore

/// A connection to an asset server, and who carries out requests on it.
struct AssetConnection: Sendable {
    let origin: PlainOrigin
    let channel: any Channel
    private let handler: NIOLoopBound<AssetExchangeHandler>
    /// When its last exchange ended.
    var idleSince = NIODeadline.now()

    /// To be called on the channel's event loop.
    init(origin: PlainOrigin, channel: any Channel, handler: AssetExchangeHandler) {
        self.origin = origin
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// Lets the handler do something on its event loop: at once where this is it.
    func withHandler(_ work: @escaping @Sendable (AssetExchangeHandler) -> Void) {
        guard channel.eventLoop.inEventLoop else { return channel.eventLoop.execute { work(handler.value) } }
        work(handler.value)
    }
}
