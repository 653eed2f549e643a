import DequeModule
import NIOCore
import NIOHTTP1

/// The one interpreter of ``ConnectionState``: sits between the HTTP/1 codec and whoever answers requests.
///
/// It lets one request through at a time, completes the header of every answer (framing, `Connection`), watches the
/// clock, and ends connections so that clients see their answer: after a refusal it listens on for a while instead of
/// resetting the connection (RFC 9112 §9.6).
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What belongs to later requests and waits.
    ///
    /// Nothing is asked for meanwhile, and yet it can be far more than one read brings: when the client closes its
    /// sending side, everything that the kernel holds comes at once. So it is bounded here.
    private enum Held {
        case part(HTTPServerRequestPart)
        case error(any Error)
        case inputClosed
    }

    private let limits: ServingLimits
    private let eventLoop: any EventLoop
    private var state: ConnectionState
    private var held: Deque<Held> = []
    private var isReadPending = false
    private var unflushedEnds = 0
    private var closesWhenFlushed = false
    private var ticker: RepeatedTask?
    private var halfClosedWatch: RepeatedTask?
    private var isAnsweringHead = false

    /// - Parameter eventLoop: the channel's, whose clock is this handler's.
    init(limits: ServingLimits, eventLoop: any EventLoop) {
        self.limits = limits
        self.eventLoop = eventLoop
        state = ConnectionState(limits: limits, nowMs: Int(eventLoop.now.uptimeNanoseconds / 1_000_000))
    }

    private var nowMs: Int { Int(eventLoop.now.uptimeNanoseconds / 1_000_000) }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let tick = TimeAmount.milliseconds(Int64(limits.tickMs))
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
            bound.value.handler.tick(context: bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopClocks()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.closed()
        held.removeAll()
        stopClocks()
        context.fireChannelInactive()
    }

    private func stopClocks() {
        ticker?.cancel()
        halfClosedWatch?.cancel()
        (ticker, halfClosedWatch) = (nil, nil)
    }

    private func tick(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        // A channel that cannot tell how much is unsent (a test's) is never stalled.
        let unsent = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        switch state.tick(nowMs: nowMs, unsentBytes: unsent ?? 0) {
        case .none: break
        case .close: context.close(promise: nil)
        case .fail(let error): fail(error, context: context)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if state.isHolding || !held.isEmpty {
            hold(.part(part))
        } else {
            receive(part, context: context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind this handler reads any more; whatever comes is for the bin.
        if state.isLingering { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if state.isHolding || !held.isEmpty {
            hold(.error(error))
        } else {
            fail(error, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let arrival as ArrivalHandler.Arrival:
            if state.bytesReceived(arrival.bytes, nowMs: nowMs) == .close { closeFlushed(context: context) }
        case ChannelEvent.inputClosed:
            watchHalfClosed(context: context)
            if state.isHolding || !held.isEmpty {
                hold(.inputClosed)
            } else {
                closeInput(context: context)
            }
        case is ChannelShouldQuiesceEvent:
            if state.quiesce() == .close { context.close(promise: nil) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func read(context: ChannelHandlerContext) {
        if state.isHolding || !held.isEmpty {
            isReadPending = true
        } else {
            state.readRequested(nowMs: nowMs)
            context.read()
        }
    }

    private func receive(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        var part = part
        let action: ConnectionState.PartAction
        switch part {
        case .head(var head):
            do throws(ConnectionError) {
                let framing = try RequestFraming(head)
                // RFC 9110 §10.1.1: HTTP/1.0 knows no expectations; nobody behind this handler sees the version.
                if framing.isHTTP10 { head.headers.remove(name: "expect") }
                part = .head(head)
                action = state.requestHeadReceived(framing)
            } catch {
                fail(error, context: context)
                return
            }
        case .body(let bytes):
            action = state.requestBodyReceived(bytes: bytes.readableBytes, nowMs: nowMs)
        case .end:
            action = state.requestEndReceived(nowMs: nowMs)
        }
        switch action {
        case .deliver: context.fireChannelRead(wrapInboundOut(part))
        case .discard: break
        case .close: closeFlushed(context: context)
        }
    }

    private func fail(_ error: any Error, context: ChannelHandlerContext) {
        guard error is HTTPParserError || error is ConnectionError else {
            // The socket's own trouble; there is nobody to answer.
            context.fireErrorCaught(error)
            return
        }
        switch state.failed() {
        case .deliver: context.fireErrorCaught(error)
        case .close: closeFlushed(context: context)
        case .ignore: break
        }
    }

    /// The end of the input is seen at once, though nothing is read while a request is answered.
    private func watchHalfClosed(context: ChannelHandlerContext) {
        guard halfClosedWatch == nil else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let pause = TimeAmount.milliseconds(Int64(limits.halfClosedMs))
        halfClosedWatch = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            if bound.value.handler.state.halfClosedForLong() == .close { bound.value.context.close(promise: nil) }
        }
    }

    private func closeInput(context: ChannelHandlerContext) {
        switch state.inputClosed() {
        case .close: closeFlushed(context: context)
        case .deliver, .discard: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func hold(_ next: Held) {
        if case .part = next {
            // What follows an error is no request any more.
            if case .error? = held.last { return }
            guard held.count < limits.pipelinedPartsMax else {
                held.append(.error(ConnectionError.pipelineTooLong))
                return
            }
        }
        held.append(next)
    }

    /// Lets the next request through, as far as it has come.
    private func releaseHeld(context: ChannelHandlerContext) {
        var delivered = false
        while !held.isEmpty, !state.isHolding {
            delivered = true
            let next = held.removeFirst()
            // The room of many that came at once is not kept for as long as the connection lives.
            if held.isEmpty { held.removeAll() }
            switch next {
            case .part(let part): receive(part, context: context)
            case .error(let error): fail(error, context: context)
            case .inputClosed: closeInput(context: context)
            }
        }
        if delivered { context.fireChannelReadComplete() }
        if held.isEmpty, !state.isHolding, isReadPending {
            isReadPending = false
            state.readRequested(nowMs: nowMs)
            context.read()
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where (100..<200).contains(head.status.code):
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            if head.status == .continue { state.continueSent(nowMs: nowMs) }
        case .head(let head):
            let framing = state.responseHeadSent(isDelimited: head.isDelimited)
            context.write(wrapOutboundOut(.head(head.framed(framing))), promise: promise)
            isAnsweringHead = framing.isHead
        case .body where isAnsweringHead:
            promise?.succeed()
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(bytes)), promise: promise)
        case .end(let trailers):
            writeEnd(isAnsweringHead ? nil : trailers, context: context, promise: promise)
        }
    }

    private func writeEnd(_ trailers: HTTPHeaders?, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let action = state.responseEndSent(hasHeldParts: !held.isEmpty, nowMs: nowMs)
        let flushed = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        unflushedEnds += 1
        flushed.futureResult.whenComplete { _ in bound.value.handler.endFlushed(action, context: bound.value.context) }
        context.write(wrapOutboundOut(.end(trailers)), promise: flushed)
        switch action {
        case .next: releaseHeld(context: context)
        case .drain: break
        case .close, .linger: held.removeAll()
        }
    }

    private func endFlushed(_ action: ConnectionState.EndAction, context: ChannelHandlerContext) {
        unflushedEnds -= 1
        guard context.channel.isActive else { return }
        if closesWhenFlushed, unflushedEnds == 0 {
            context.close(promise: nil)
            return
        }
        switch action {
        case .next, .drain: break
        case .close: context.close(promise: nil)
        case .linger:
            context.close(mode: .output, promise: nil)
            context.read()
        }
    }

    /// Closes, but not before the last answer has left.
    private func closeFlushed(context: ChannelHandlerContext) {
        if unflushedEnds == 0 {
            context.close(promise: nil)
        } else {
            closesWhenFlushed = true
        }
    }
}
