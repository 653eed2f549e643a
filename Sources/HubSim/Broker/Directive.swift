import AMQP

/// What a door must do for one of its connections, in this order within a connection.
package enum Directive: Sendable, Equatable {
    /// Send a method without content.
    case send(ConnectionID, channel: UInt16, Method)
    /// Send `basic.deliver` with its content.
    case deliver(Delivery)
    /// Send `basic.get-ok` with its content.
    case answerGet(ConnectionID, channel: UInt16, BasicGetOk, Message)
    /// Send `basic.return` with its content. It precedes the confirm of the same publish.
    case giveBack(ConnectionID, channel: UInt16, BasicReturn, Message)
    /// Confirm the publishes from the first to the last sequence number; all of them were still open, and everything
    /// before the first is settled, so `multiple` says the same.
    case confirm(ConnectionID, channel: UInt16, first: UInt64, last: UInt64)
    /// Refuse one publish (`basic.nack`).
    case refuse(ConnectionID, channel: UInt16, sequence: UInt64)
    /// Close a channel because of an error of the client's. The broker takes nothing more on it but `close-ok`.
    case closeChannel(ConnectionID, channel: UInt16, ProtocolError)
    /// Close the connection. The broker has forgotten it already.
    case closeConnection(ConnectionID, ProtocolError)
    /// Take no more bytes from this connection: it publishes and memory is short. `resumeReading` ends it.
    case pauseReading(ConnectionID)
    /// Take bytes from it again.
    case resumeReading(ConnectionID)
    /// Much has been handed out for this connection and deliveries wait: apply `drained` once all of it is on its way.
    case tellWhenDrained(ConnectionID)
    /// Faults: let the connection's bytes suffer from here on. The broker never gives this.
    case strike(ConnectionID, WireFault)

    /// The connection that it is for.
    package var connection: ConnectionID {
        switch self {
        case .send(let id, _, _), .answerGet(let id, _, _, _), .giveBack(let id, _, _, _), .confirm(let id, _, _, _),
            .refuse(let id, _, _), .closeChannel(let id, _, _), .closeConnection(let id, _), .pauseReading(let id),
            .resumeReading(let id), .tellWhenDrained(let id), .strike(let id, _):
            id
        case .deliver(let delivery): delivery.connection
        }
    }

    /// Whether the connection ends with it.
    var isCloseOfConnection: Bool {
        if case .closeConnection = self { true } else { false }
    }

    /// The message that it carries to the client, if it carries one.
    var message: Message? {
        switch self {
        case .deliver(let delivery): delivery.message
        case .answerGet(_, _, _, let message), .giveBack(_, _, _, let message): message
        case .send, .confirm, .refuse, .closeChannel, .closeConnection, .pauseReading, .resumeReading,
            .tellWhenDrained, .strike:
            nil
        }
    }
}

/// One message on its way to one consumer.
package struct Delivery: Sendable, Equatable {
    package var connection: ConnectionID
    package var channel: UInt16
    package var isRedelivered: Bool
    package var deliveryTag: UInt64
    package var consumerTag: String
    package var message: Message
    /// Where it comes from; empty for a direct reply.
    package var queue = ""
    /// Its place in the queue, and when it expires there: a fault may put it back before it goes out.
    package var position: UInt64 = 0
    package var expiresAt = Instant.never
    /// Whether a fault has made it out of another one.
    package var isCopy = false
}
