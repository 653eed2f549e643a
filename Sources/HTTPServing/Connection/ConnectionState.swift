/// What an HTTP/1.1 connection is doing, and what is to be done next.
///
/// A value without I/O and without a clock: events go in as they happen, with the time in milliseconds where it
/// matters; each answers with what ``ConnectionHandler`` has to do. One request is let through at a time, so a
/// connection whose answer ends it never starts a request that could not be answered.
struct ConnectionState: Sendable {
    /// The request that is being received and answered.
    private struct Exchange {
        enum RequestSide {
            case receiving(bytesLeft: Int?, pace: BodyPace)
            case complete
            case failed
        }
        enum ResponseSide {
            case awaited
            case sending(closes: Bool)
            /// Sent, on a connection that is kept; the rest of the body is being thrown away.
            case ended
        }
        let framing: RequestFraming
        var request: RequestSide
        var response: ResponseSide = .awaited
        var continueSent = false
    }

    private enum Phase {
        /// Between two requests.
        case waiting(sinceMs: Int, headBeganMs: Int?)
        /// Bytes came that are no request; they get an answer all the same.
        case refusing
        case exchanging(Exchange)
        /// The last answer is sent; what still comes is thrown away until the client stops.
        case lingering(sinceMs: Int, lastBytesMs: Int, bytes: Int)
        case closed
    }

    /// What to do with a part of a request.
    enum PartAction: Equatable {
        case deliver
        case discard
        case close
    }

    /// What to do with the connection, when something happened to it as a whole.
    enum ConnectionAction: Equatable {
        case keep
        case close
    }

    /// What to do with an error.
    enum FailureAction: Equatable {
        /// Tell the one who answers.
        case deliver
        case close
        case ignore
    }

    /// How the header of an answer has to be completed.
    struct ResponseFraming: Equatable {
        /// `Connection: close`
        var closes: Bool
        /// The answer has no body, whatever its header says.
        var isHead: Bool
        /// Neither chunks nor `HTTP/1.1` semantics may be used; `Connection: keep-alive` says that it is kept.
        var isHTTP10: Bool
    }

    /// What follows the end of an answer.
    enum EndAction: Equatable {
        /// Let the next request through.
        case next
        /// The rest of this request's body is still to come.
        case drain
        case close
        /// Close the sending side, then listen until the client stops.
        case linger
    }

    /// What a look at the clock comes to.
    enum TickAction: Equatable {
        case none
        case close
        case fail(ConnectionError)
    }

    private let limits: ServingLimits
    private var phase: Phase
    private var isQuiescing = false
    /// Whether a request has come at all. A client that connects and says nothing is waited for less long.
    private var hasServed = false
    private var isInputClosed = false
    private var unsent: (bytes: Int, sinceMs: Int)?

    init(limits: ServingLimits, nowMs: Int) {
        self.limits = limits
        phase = .waiting(sinceMs: nowMs, headBeganMs: nil)
    }

    /// Whether what comes now belongs to a later request and has to wait.
    var isHolding: Bool {
        switch phase {
        case .exchanging(let exchange):
            switch (exchange.request, exchange.response) {
            case (.complete, _), (.failed, _): true
            case (.receiving, _): false
            }
        case .refusing: true
        case .waiting, .lingering, .closed: false
        }
    }

    /// Whether everything that comes is to be thrown away.
    var isLingering: Bool {
        switch phase {
        case .lingering: true
        case .waiting, .refusing, .exchanging, .closed: false
        }
    }

    // MARK: What the client does

    /// Bytes came, of whatever kind.
    mutating func bytesReceived(_ count: Int, nowMs: Int) -> ConnectionAction {
        switch phase {
        case .waiting(let since, let began):
            phase = .waiting(sinceMs: since, headBeganMs: began ?? nowMs)
            return .keep
        case .lingering(let since, _, let bytes):
            phase = .lingering(sinceMs: since, lastBytesMs: nowMs, bytes: bytes + count)
            return bytes + count > limits.lingerBytesMax ? .close : .keep
        case .refusing, .exchanging, .closed: return .keep
        }
    }

    /// The header of a request is complete.
    mutating func requestHeadReceived(_ framing: RequestFraming) -> PartAction {
        switch phase {
        case .waiting:
            hasServed = true
            phase = .exchanging(
                Exchange(
                    framing: framing,
                    request: .receiving(bytesLeft: framing.contentLength, pace: BodyPace())
                )
            )
            return .deliver
        case .lingering, .closed: return .discard
        case .exchanging, .refusing: preconditionFailure("Cannot receive a request while another is answered")
        }
    }

    /// Bytes of the body came.
    mutating func requestBodyReceived(bytes count: Int, nowMs: Int) -> PartAction {
        switch phase {
        case .exchanging(var exchange):
            guard case .receiving(let bytesLeft, var pace) = exchange.request else {
                preconditionFailure("Cannot receive a body after its end")
            }
            pace.received(bytes: count, nowMs: nowMs)
            exchange.request = .receiving(bytesLeft: bytesLeft.map { $0 - count }, pace: pace)
            phase = .exchanging(exchange)
            return .deliver
        case .lingering, .closed: return .discard
        case .waiting, .refusing: preconditionFailure("Cannot receive a body without its header")
        }
    }

    /// The request is complete.
    mutating func requestEndReceived(nowMs: Int) -> PartAction {
        switch phase {
        case .exchanging(var exchange):
            switch exchange.response {
            case .awaited, .sending:
                exchange.request = .complete
                phase = .exchanging(exchange)
                return .deliver
            case .ended where isQuiescing || isInputClosed:
                phase = .closed
                return .close
            case .ended:
                phase = .waiting(sinceMs: nowMs, headBeganMs: nil)
                return .deliver
            }
        case .lingering, .closed: return .discard
        case .waiting, .refusing: preconditionFailure("Cannot end a request without its header")
        }
    }

    /// What came is no request, or came too late.
    mutating func failed() -> FailureAction {
        switch phase {
        case .waiting:
            phase = .refusing
            return .deliver
        case .exchanging(var exchange):
            switch exchange.response {
            case .awaited:
                exchange.request = .failed
                phase = .exchanging(exchange)
                return .deliver
            case .sending:
                // The answer is under way: it ends as it was going to, and the connection with it.
                exchange.request = .failed
                exchange.response = .sending(closes: true)
                phase = .exchanging(exchange)
                return .deliver
            case .ended:
                phase = .closed
                return .close
            }
        case .refusing, .lingering, .closed:
            return .ignore
        }
    }

    /// The client closed its sending side. Between two requests that is the end; else it may still read its answer.
    mutating func inputClosed() -> PartAction {
        isInputClosed = true
        switch phase {
        case .waiting, .lingering, .closed:
            phase = .closed
            return .close
        case .refusing, .exchanging:
            return .deliver
        }
    }

    /// The client closed its sending side ``ServingLimits/halfClosedMs`` ago. Whoever waits longer for an answer is gone:
    /// a client that closes its connection and one that closes its sending side look the same from here.
    mutating func halfClosedForLong() -> ConnectionAction {
        guard case .exchanging(let exchange) = phase, case .awaited = exchange.response else { return .keep }
        phase = .closed
        return .close
    }

    // MARK: What the server does

    /// The server asks the socket for more bytes.
    mutating func readRequested(nowMs: Int) {
        guard case .exchanging(var exchange) = phase, case .receiving(let bytesLeft, var pace) = exchange.request
        else { return }
        // A client that was told to wait is not late.
        guard !exchange.framing.expectsContinue || exchange.continueSent || pace.bytes > 0 else { return }
        pace.awaited(nowMs: nowMs)
        exchange.request = .receiving(bytesLeft: bytesLeft, pace: pace)
        phase = .exchanging(exchange)
    }

    /// `100 Continue` was sent.
    mutating func continueSent(nowMs: Int) {
        guard case .exchanging(var exchange) = phase else { return }
        exchange.continueSent = true
        phase = .exchanging(exchange)
        readRequested(nowMs: nowMs)
    }

    /// The header of an answer is about to be sent.
    ///
    /// - Parameter isDelimited: whether the header tells where the answer ends. Where it does not, HTTP/1.1 sends
    ///   chunks, and HTTP/1.0 has nothing but the end of the connection.
    mutating func responseHeadSent(isDelimited: Bool) -> ResponseFraming {
        switch phase {
        case .refusing:
            return ResponseFraming(closes: true, isHead: false, isHTTP10: false)
        case .exchanging(var exchange):
            let isEndless = exchange.framing.isHTTP10 && !isDelimited && !exchange.framing.isHead
            let closes = isEndless || closesAfterAnswer(of: exchange)
            exchange.response = .sending(closes: closes)
            phase = .exchanging(exchange)
            return ResponseFraming(
                closes: closes,
                isHead: exchange.framing.isHead,
                isHTTP10: exchange.framing.isHTTP10
            )
        case .waiting, .lingering, .closed:
            // The channel closed under the one who answers; nothing of this reaches the wire.
            return ResponseFraming(closes: true, isHead: false, isHTTP10: false)
        }
    }

    private func closesAfterAnswer(of exchange: Exchange) -> Bool {
        if !exchange.framing.keepsAlive || isQuiescing || isInputClosed { return true }
        switch exchange.request {
        case .complete: return false
        case .failed: return true
        case .receiving(let bytesLeft, let pace):
            // RFC 9110 §10.1.1: the client that was not told to continue may send the body or not. Nobody knows.
            let isHeldBack = exchange.framing.expectsContinue && !exchange.continueSent && pace.bytes == 0
            return isHeldBack || (bytesLeft ?? .max) > limits.drainBytesMax
        }
    }

    /// The end of an answer is about to be sent.
    ///
    /// - Parameter hasHeldParts: whether the client sent more than this request.
    mutating func responseEndSent(hasHeldParts: Bool, nowMs: Int) -> EndAction {
        switch phase {
        case .refusing:
            phase = .lingering(sinceMs: nowMs, lastBytesMs: nowMs, bytes: 0)
            return .linger
        case .exchanging(var exchange):
            guard case .sending(let closes) = exchange.response else {
                preconditionFailure("Cannot end an answer that did not begin")
            }
            switch (exchange.request, closes || isQuiescing) {
            case (.complete, true) where !hasHeldParts:
                phase = .closed
                return .close
            case (_, true), (.failed, false):
                phase = .lingering(sinceMs: nowMs, lastBytesMs: nowMs, bytes: 0)
                return .linger
            case (.complete, false):
                phase = .waiting(sinceMs: nowMs, headBeganMs: hasHeldParts ? nowMs : nil)
                return .next
            case (.receiving, false):
                exchange.response = .ended
                phase = .exchanging(exchange)
                return .drain
            }
        case .waiting, .lingering, .closed:
            return .close
        }
    }

    /// The server stops: whoever is between two requests has had its last.
    mutating func quiesce() -> ConnectionAction {
        isQuiescing = true
        switch phase {
        case .waiting, .closed:
            phase = .closed
            return .close
        case .refusing, .exchanging, .lingering:
            return .keep
        }
    }

    /// The connection is closed.
    mutating func closed() { phase = .closed }

    // MARK: Time

    /// Looks at the clock.
    ///
    /// - Parameter unsentBytes: how much of what was sent the client has not taken yet.
    mutating func tick(nowMs: Int, unsentBytes: Int) -> TickAction {
        if isStalled(nowMs: nowMs, unsentBytes: unsentBytes) {
            phase = .closed
            return .close
        }
        switch phase {
        case .waiting(let since, let began):
            if let began { return nowMs - began >= limits.headerTimeoutMs ? .fail(.headerTimeout) : .none }
            guard nowMs - since >= (hasServed ? limits.keepAliveMs : min(limits.keepAliveMs, limits.firstByteTimeoutMs))
            else { return .none }
            phase = .closed
            return .close
        case .exchanging(let exchange):
            guard case .receiving(_, let pace) = exchange.request,
                pace.isTooSlow(nowMs: nowMs, limits: isQuiescing ? limits.whileQuiescing : limits)
            else { return .none }
            return .fail(.bodyTimeout)
        case .lingering(let since, let last, _):
            guard nowMs - since >= limits.lingerMs || nowMs - last >= limits.lingerIdleMs else { return .none }
            phase = .closed
            return .close
        case .refusing, .closed:
            return .none
        }
    }

    /// Whether the same bytes have been waiting for the client for too long.
    private mutating func isStalled(nowMs: Int, unsentBytes: Int) -> Bool {
        guard unsentBytes > 0 else {
            unsent = nil
            return false
        }
        guard let unsent, unsent.bytes == unsentBytes else {
            self.unsent = (unsentBytes, nowMs)
            return false
        }
        return nowMs - unsent.sinceMs >= limits.writeIdleTimeoutMs
    }
}
