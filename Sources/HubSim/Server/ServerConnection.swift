import AMQP
import NIOCore

/// The shell around a `Session`: the only place where a connection touches its socket. Lives on its event loop.
///
/// Everything that one read brings is applied to the hub as one batch, and everything that is to be written goes out in
/// one write for each connection that it concerns.
final class ServerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection waits for.
    enum Deadline {
        case handshake, heartbeat, closeOk
        /// A client that takes nothing of what it is sent.
        case stall
        /// Faults: bytes that are held back, and the end of a connection's being half open.
        case wire, halfOpen
    }

    let hub: Hub
    let limits: HubSimLimits
    private let memory: SocketMemory
    var session: Session
    private var log: ConnectionLog
    private(set) var context: ChannelHandlerContext?
    private(set) var door: SocketDoor?
    private var commands: [Command] = []
    private var directives: [Directive] = []
    var deadlines: [Deadline: Timeline.Token] = [:]
    var reading = ReadingGate()
    /// What faults do to its bytes.
    var wire = FaultyWire()
    /// Whether the broker waits to hear that everything is on its way.
    private var owesDrained = false
    private(set) var writtenBytes: UInt64 = 0
    /// The largest message among the bytes that the socket has not taken.
    private var largestWaitingBytes = 0
    /// What is on its way to the socket. Where the socket took everything at once, its memory serves the next time.
    private var output = ByteBuffer()
    private var hasHungUp = false
    /// The client has closed the connection, and the socket is its to close.
    private var isClientsToEnd = false
    /// What `memory` was last told.
    private var notedBytes = 0
    /// Whether this side cut the connection off.
    private var wasCut = false
    /// Whether the bytes come through TLS.
    private let isTLS: Bool
    /// Looks on, if somebody wants to.
    private let tap: WireTap?

    /// Room for what one read of publishes becomes as deliveries.
    private static let outputBytesKept = 128 << 10

    init(
        hub: Hub,
        settings: SessionSettings,
        peer: String,
        isTLS: Bool = false,
        memory: SocketMemory,
        tap: WireTap? = nil
    ) {
        self.isTLS = isTLS
        self.tap = tap
        self.hub = hub
        self.memory = memory
        log = ConnectionLog(settings.logger, peer: peer)
        limits = settings.limits
        session = Session(settings: settings, peer: peer)
    }

    // MARK: The socket

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        door = SocketDoor(self, on: context.eventLoop, counting: hub.timeline.work)
        let deadline = hub.timeline.now.adding(milliseconds: limits.handshakeMs)
        schedule(.handshake, at: deadline) { $0.handshakeDeadlineReached() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            tap?.received(bytes, at: hub.timeline.now)
            door?.received(bytes: bytes.count)
            var input = bytes
            take(&input)
        }
        finishBatch()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            largestWaitingBytes = 0
            noteMemory(waiting: 0)
            reading.resume(.outbound, context)
            tellDrained()
        } else {
            watchStall()
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The hub ends. Who is logged in is told by the broker; nobody else is waited for.
        if event is HubEnds, !session.isPastHandshake { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A socket that was reset, or the like: there is nobody left to tell.
        context.close(promise: nil)
    }

    /// The client has shown whose it is, below AMQP.
    func showed(_ proof: ClientProof) { session.proof = proof }

    // MARK: From the client

    private func take(_ input: inout UnsafeRawBufferPointer) {
        let now = hub.timeline.now
        while let event = session.next(&input, at: now) {
            switch event {
            case .command(let command): commands.append(command)
            case .open(let profile): open(profile)
            case .closeRequested:
                closeInHub()
                log.closed()
                session.confirmClose()
                isClientsToEnd = true
            case .failed(let error):
                closeInHub()
                hub.countClosed(error)
                fail(error)
            case .ended: break
            }
        }
    }

    private func open(_ profile: ConnectionProfile) {
        guard let door else { return }
        do throws(ProtocolError) {
            var profile = profile
            profile.isTLS = isTLS
            let id = try hub.open(profile, door: door)
            // A fault that strikes at once may have ended it meanwhile.
            guard context != nil, session.isOpening else { return hub.close(id) }
            session.opened(id)
            log.opened(profile)
            if let handshake = deadlines.removeValue(forKey: .handshake) { hub.timeline.cancel(handshake) }
            beat()
        } catch {
            fail(error)
        }
    }

    /// Applies what has gathered and writes what is to be said.
    private func finishBatch() {
        if !commands.isEmpty {
            let batch = commands
            commands.empty()
            hub.apply(batch)
        }
        flush()
    }

    /// Takes the connection out of the hub, after everything that its client did before.
    private func closeInHub() {
        guard let id = session.connection else { return }
        let batch = commands
        commands.removeAll()
        hub.close(id, after: batch)
        // What the hub still had to say before the end.
        carryOut()
    }

    private func fail(_ error: ProtocolError) {
        log.failed(error)
        session.fail(error)
        watchClose()
    }

    // MARK: From the hub

    /// Carries out the directives that wait.
    func carryOut() {
        guard let context, let door else { return }
        door.takeDirectives(into: &directives)
        var failure: ProtocolError?
        for directive in directives {
            switch directive {
            case .pauseReading: reading.pause(.blocked, context)
            case .resumeReading: reading.resume(.blocked, context)
            case .tellWhenDrained: owesDrained = true
            case .strike(_, let fault): strike(fault)
            case .closeConnection(_, let error): fail(error)
            case .send, .deliver, .answerGet, .giveBack, .confirm, .refuse, .closeChannel:
                if case .closeChannel(_, let channel, let error) = directive { log.channelClosed(channel, error) }
                if failure == nil { failure = write(directive) }
            }
        }
        directives.empty()
        if let failure { failInHub(failure) }
        flush()
    }

    /// - Returns: why it cannot be written.
    private func write(_ directive: Directive) -> ProtocolError? {
        do throws(ProtocolError) {
            largestWaitingBytes = max(largestWaitingBytes, directive.message?.sizeBytes ?? 0)
            try session.write(directive)
            return nil
        } catch {
            return error
        }
    }

    /// Closes a connection that the hub still takes for open. The session says so first: nothing may come after it.
    private func failInHub(_ error: ProtocolError) {
        guard let id = session.connection else { return }
        fail(error)
        hub.close(id)
    }

    func flush() {
        guard let context else { return }
        var isWritten = false
        session.takeOutput { bytes in
            // What the socket still holds stays as it is; then this takes new memory, and no more than it needs.
            output.clear(minimumCapacity: bytes.count)
            output.writeBytes(bytes)
            isWritten = true
        }
        if isWritten {
            writtenBytes += UInt64(output.readableBytes)
            door?.sent(bytes: output.readableBytes)
            if let tap { output.withUnsafeReadableBytes { tap.sent($0, at: hub.timeline.now) } }
            session.said(at: hub.timeline.now)
            // This may call back into the handler, so nothing of the session may be in use here.
            guard wire.isClear else { return send(output) }
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            if output.capacity > Self.outputBytesKept { output = ByteBuffer() }
        }
        // What a fault holds back goes first; after it, this is called again.
        guard wire.isIdle else { return holdBack(context) }
        if session.hasEnded { return hangUp(context) }
        guard context.channel.isWritable else { return holdBack(context) }
        noteMemory(waiting: 0)
        largestWaitingBytes = 0
        reading.resume(.outbound, context)
        if owesDrained { tellDrained() }
    }

    /// Everything is said: sends the end of the stream behind it and waits for the client's. To close a socket on bytes
    /// that nobody has read would reset it, and could take our last words with it.
    private func hangUp(_ context: ChannelHandlerContext) {
        guard !hasHungUp else { return }
        hasHungUp = true
        reading.open(context)
        watchClose()
        // As RabbitMQ does: some clients take an end that comes right behind `close-ok` for a broken connection.
        if isClientsToEnd { return }
        let channel = context.channel
        // Nothing, written behind everything: when it is out, all is.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
    }

    /// The client does not take what it is sent: past the first limit it is not read from, past the second it is cut off.
    /// One message is not counted: it may be larger than the limit, and would else never get through.
    private func holdBack(_ context: ChannelHandlerContext) {
        let waiting = bufferedBytes(context) + wire.waitingBytes
        noteMemory(waiting: waiting)
        if waiting - largestWaitingBytes > limits.outboundBytesMax { return cut("takes too little") }
        if waiting > limits.outboundBytesMax / 4 { reading.pause(.outbound, context) }
    }

    /// Tells what the connection holds, where that has changed by much.
    private func noteMemory(waiting: Int) {
        let held = waiting + session.contents.heldBytes
        guard abs(held - notedBytes) >= 65_536 || held == 0 && notedBytes != 0, let door else { return }
        notedBytes = held
        memory.note(held, of: ObjectIdentifier(self)) { door.onLoopLater { $0.giveUp() } }
    }

    /// All connections together hold too much, and this one most.
    private func giveUp() {
        guard let context else { return }
        notedBytes = 0
        guard context.channel.isWritable, session.connection != nil else { return cut("holds too much memory") }
        closeInHub()
        fail(ProtocolError(.resourceError, "memory for sockets (\(limits.socketBytesMax) bytes) is used up"))
        flush()
    }

    private func tellDrained() {
        guard owesDrained, let id = session.connection else { return }
        owesDrained = false
        // Later, so that a client with a long backlog does not keep the event loop from the others.
        door?.onLoopLater { $0.hub.apply(.drained(id)) }
    }

    func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Cuts the connection off without a word.
    func cut(_ reason: String) {
        guard let context else { return }
        if !hasHungUp { log.cut(reason) }
        wasCut = true
        context.close(promise: nil)
    }

    /// The socket is gone: the hub forgets the connection.
    private func leave() {
        for token in deadlines.values { hub.timeline.cancel(token) }
        deadlines.removeAll()
        if let id = session.connection {
            hub.close(id)
            log.lost()
        }
        tap?.ended(by: hasHungUp || wasCut ? .hub : .client, at: hub.timeline.now)
        session.end()
        if notedBytes != 0 { memory.note(0, of: ObjectIdentifier(self)) {} }
        context = nil
        door = nil
    }
}

/// Tells connections that the hub ends.
struct HubEnds {}

extension Array {
    /// Empties it and keeps its memory, unless a burst has made that large.
    fileprivate mutating func empty() { if capacity > 4096 { self = [] } else { removeAll(keepingCapacity: true) } }
}
