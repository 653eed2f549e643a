import MessageHub

/// The channel for declarations. One call is under way at a time, as AMQP's synchronous methods want it
/// (AMQP 0-9-1 §2.2.1); the others wait in order.
///
/// A call that the hub refuses closes the channel; it is opened again for the next one.
struct ControlChannel {
    enum State {
        case ready
        case waiting(PendingCall, CallRequest, deadlineMs: Int64)
        /// The hub closed the channel; it was asked to open it again.
        case reopening(deadlineMs: Int64)
    }

    private(set) var state = State.ready
    private var calls = FIFO<PendingCall>()

    /// When the hub must have answered; `nil` where nothing is asked.
    var deadlineMs: Int64? {
        switch state {
        case .ready: nil
        case .waiting(_, _, let deadlineMs), .reopening(let deadlineMs): deadlineMs
        }
    }

    /// What the hub owes an answer to, for errors.
    var askedFor: String {
        switch state {
        case .ready: "nothing"
        case .waiting(_, let request, _): request.name
        case .reopening: "channel.open"
        }
    }

    mutating func add(_ call: PendingCall) { calls.append(call) }

    /// The next request to send, where none is under way. Calls that nobody waits for any more are dropped.
    mutating func next(deadlineMs: Int64) -> CallRequest? {
        guard case .ready = state else { return nil }
        while let call = calls.popFirst() {
            guard let request = call.content else { continue }
            state = .waiting(call, request, deadlineMs: deadlineMs)
            return request
        }
        return nil
    }

    /// The hub answered the call under way. `false`: with something else than what belongs to it.
    mutating func replyReceived(_ reply: WireReply) -> Bool {
        switch (state, reply) {
        case (.reopening, .openOK):
            state = .ready
            return true
        case (.waiting(let call, .declareExchange, _), .exchangeDeclareOK), (.waiting(let call, .bind, _), .bindOK):
            state = .ready
            call.settle(.success(.done))
            return true
        case (.waiting(let call, .declareQueue, _), .queueDeclareOK(let queue)):
            state = .ready
            call.settle(.success(.queue(queue)))
            return true
        case (.ready, _), (.reopening, _), (.waiting, _):
            return false
        }
    }

    /// The hub closed the channel: the call under way, if any, was refused.
    mutating func closeReceived(_ close: WireClose, deadlineMs: Int64) {
        fail(.refused(code: close.code, text: close.text))
        state = .reopening(deadlineMs: deadlineMs)
    }

    /// The connection ended because of this method: if it is the one under way, that call was refused.
    mutating func connectionCloseReceived(_ close: WireClose) {
        guard case .waiting(_, let request, _) = state, close.classID == request.classID else { return }
        fail(.refused(code: close.code, text: close.text))
    }

    /// The call under way ends with this.
    mutating func fail(_ error: HubError) {
        if case .waiting(let call, _, _) = state { call.settle(.failure(error)) }
        state = .ready
    }

    /// Everything that still waits ends with this.
    mutating func end(_ error: HubError) {
        fail(error)
        for call in calls.removeAll() { call.settle(.failure(error)) }
    }
}

extension CallRequest {
    /// AMQP's class of the method.
    fileprivate var classID: UInt16 {
        switch self {
        case .declareExchange: 40
        case .declareQueue, .bind: 50
        case .consume: 60
        }
    }
}
