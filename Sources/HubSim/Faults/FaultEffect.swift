import AMQP

/// What a fault does to whatever it strikes; `Hub.State` and the doors carry it out.
enum FaultEffect: Sendable, Equatable {
    /// The connection is reset before a byte; so is every other one for so many milliseconds.
    case refuseConnection(ms: Int)
    /// The login fails, whatever the password.
    case refuseLogin
    /// The bytes of the connection suffer.
    case wire(WireFault)
    /// The connection is closed, in place of what was asked.
    case closeConnection(ProtocolError)
    /// The channel is closed, in place of what was asked.
    case closeChannel(ProtocolError)
    /// The connection is told that it is blocked, and not read from.
    case block(ms: Int)
    /// The publish reaches no queue.
    case losePublish(LostPublish)
    /// The publish has its effect; its confirm comes so much later, or never (nil).
    case withholdConfirm(ms: Int?)
    /// The delivery does not reach its consumer, though the hub counts it as sent.
    case dropDelivery
    /// The message is delivered so many times more.
    case duplicateDelivery(copies: Int, isRedelivered: Bool)
    /// So many deliveries of its channel overtake it, unless they take longer than this.
    case holdDelivery(behind: Int, ms: Int)
    /// The consumer is ended by the hub, after this delivery.
    case cancelConsumer
}

/// What a connection's client suffers on its wire. Without a socket only some of it means anything.
package enum WireFault: Sendable, Equatable {
    /// Every byte to the client comes so much later.
    case latency(ms: Int)
    case bandwidth(bytesPerSecond: Int)
    /// Bytes to the client go out in pieces of at most so many.
    case slices(bytes: Int)
    /// Nothing is read or written, for so long or for ever (nil), and the socket stays.
    case halfOpen(ms: Int?)
    /// After so many more bytes the socket is reset.
    case reset(afterBytes: Int)
    /// The next frame to the client is damaged; the draw says where.
    case corrupt(FrameDamage, draw: UInt64, count: Int)
    /// Of the next frame only so many bytes get through, or half of it (nil); then the stream ends.
    case truncate(bytes: Int?)
    /// The hub sends no heartbeats.
    case heartbeatsUnsent
    /// The hub hears no heartbeats and, after two intervals, takes the client for dead.
    case heartbeatsUnheard
}

/// Which part of a frame is damaged.
package enum FrameDamage: String, Sendable {
    case payload, type, end
}
