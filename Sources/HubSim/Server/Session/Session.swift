import AMQP

/// The server's side of one AMQP connection, without the socket: bytes in, events out; directives in, bytes out.
///
/// It logs in, tunes, cuts frames, puts contents together, answers on channel 0 and beats the heart. Channels and
/// everything on them are the broker's. It has no clock; the time comes as a parameter.
///
///     while let event = session.next(&bytes, at: now) { … }
///     session.write(directive)
///     session.takeOutput { socket.write($0) }
struct Session: ~Copyable {
    enum State {
        /// The protocol header has not come.
        case awaitingHeader
        case awaitingStartOk
        case awaitingTuneOk(ConnectionProfile)
        case awaitingOpen(ConnectionProfile)
        /// The broker has been asked for the vhost.
        case opening
        case open(ConnectionID)
        /// We have said `connection.close` and wait for `close-ok`.
        case closing
        /// Nothing more is read or said.
        case ended
    }

    let settings: SessionSettings
    /// The addresses on both sides, for a client that gives its connection no name.
    let peer: String
    /// What TLS knows of the client.
    var proof = ClientProof.none
    var state = State.awaitingHeader
    var decoder: FrameDecoder
    var writer: FrameWriter
    var contents: ContentAssembly
    var heart = Heart()

    init(settings: SessionSettings, peer: String) {
        self.settings = settings
        self.peer = peer
        // What RabbitMQ takes before tuning: large client properties come in `start-ok`.
        decoder = FrameDecoder(frameMax: 8192)
        writer = FrameWriter()
        contents = ContentAssembly(limits: settings.limits)
    }

    /// The connection, while the broker knows it.
    var connection: ConnectionID? {
        if case .open(let id) = state { id } else { nil }
    }

    /// Whether the broker has been asked for the vhost, and nothing came of it yet.
    var isOpening: Bool {
        if case .opening = state { true } else { false }
    }

    var hasEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Whether the client has logged in and opened a vhost, or is on its way out.
    var isPastHandshake: Bool {
        switch state {
        case .awaitingHeader, .awaitingStartOk, .awaitingTuneOk, .awaitingOpen, .opening: false
        case .open, .closing, .ended: true
        }
    }

    /// The next event in the bytes; nil: all of them are taken.
    mutating func next(_ input: inout UnsafeRawBufferPointer, at now: Instant) -> SessionEvent? {
        heart.heard(at: now)
        do throws(ProtocolError) {
            if case .awaitingHeader = state {
                guard let header = try decoder.nextProtocolHeader(&input) else { return nil }
                if let event = take(header) { return event }
            }
            while !hasEnded, let frame = try decoder.next(&input) {
                if let event = try take(frame) { return event }
            }
            return nil
        } catch {
            return event(for: error)
        }
    }

    /// The broker knows the connection: the client may begin.
    mutating func opened(_ id: ConnectionID) {
        guard case .opening = state else { preconditionFailure("Cannot open a session when \(state)") }
        state = .open(id)
        writeMethod(.connectionOpenOk)
    }

    /// Closes the connection for an error: says so and waits for `close-ok`.
    mutating func fail(_ error: ProtocolError) {
        switch state {
        case .awaitingHeader, .closing, .ended: break
        case .awaitingStartOk, .awaitingTuneOk, .awaitingOpen, .opening, .open:
            state = .closing
            // What is not complete never will be.
            contents = ContentAssembly(limits: settings.limits)
            writeMethod(.connectionClose(ConnectionClose(error)))
        }
    }

    /// Answers the client's `connection.close`.
    mutating func confirmClose() {
        writeMethod(.connectionCloseOk)
        state = .ended
    }

    /// Bytes are on their way to the client.
    mutating func said(at now: Instant) { heart.said(at: now) }

    /// When the heart beats next; nil: there are no heartbeats.
    func nextBeat(after now: Instant) -> Instant? { heart.nextBeat(after: now) }

    /// Beats the heart.
    /// - Parameter isRead: whether the client is being read from; where not, its silence says nothing.
    /// - Returns: false where the client is silent for too long and is to be cut off.
    mutating func beat(at now: Instant, isRead: Bool) -> Bool {
        if !isRead { heart.heard(at: now) }
        switch heart.beat(at: now) {
        case .nothing: return true
        case .send:
            writer.heartbeat()
            return true
        case .missed: return false
        }
    }

    /// Nothing more is to be said: the socket is gone.
    mutating func end() { state = .ended }

    /// Lends out the bytes that were written and forgets them; not called where there are none.
    mutating func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard !writer.isEmpty else { return }
        writer.withUnsafeBytes(body)
        // A large message does not make a connection large for ever.
        if writer.count > 1 << 20 {
            writer = FrameWriter(frameMax: writer.frameMax)
        } else {
            writer.removeAll()
        }
    }

    /// Writes a method on channel 0. All of ours fit in the least frame.
    mutating func writeMethod(_ method: Method) {
        do throws(ProtocolError) {
            try writer.method(method, channel: 0)
        } catch {
            preconditionFailure("Cannot write \(method.name): \(error)")
        }
    }

    private mutating func take(_ frame: RawFrame) throws(ProtocolError) -> SessionEvent? {
        switch state {
        case .awaitingHeader, .opening: preconditionFailure("Cannot take a frame when \(state)")
        case .awaitingStartOk, .awaitingTuneOk, .awaitingOpen: return try takeInHandshake(frame)
        case .open(let id): return try takeWhenOpen(frame, id)
        case .closing: return takeWhenClosing(frame)
        case .ended: return nil
        }
    }

    /// After our `close` everything is ignored but the answer, and a `close` of the client's that crossed ours.
    private mutating func takeWhenClosing(_ frame: RawFrame) -> SessionEvent? {
        guard frame.type == .method, frame.channel == 0, let method = try? frame.method() else { return nil }
        if case .connectionClose = method { writeMethod(.connectionCloseOk) }
        guard method.id == MethodID.connectionCloseOk else { return nil }
        state = .ended
        return .ended
    }

    /// What an error of the peer's means in this state.
    private mutating func event(for error: ProtocolError) -> SessionEvent? {
        switch state {
        case .awaitingHeader:
            // Not AMQP at all: tell what is spoken here, and close (AMQP 0-9-1 §4.2.2).
            writer.protocolHeader()
            state = .ended
            return .ended
        // Our `close` is said. Its answer cannot be made out any more, so the client may only hang up.
        case .closing, .ended: return nil
        case .awaitingStartOk, .awaitingTuneOk, .awaitingOpen, .opening, .open: return .failed(error)
        }
    }
}

extension MethodID {
    /// `connection.close-ok`, which has no arguments and so no type of its own.
    static let connectionCloseOk = MethodID(classID: 10, methodID: 51)
}
