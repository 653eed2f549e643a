import AMQP

/// What can happen to the broker. A door (socket or in-process) turns whatever its clients do into these.
package enum Command: Sendable {
    /// A method of the client on an open connection. Content-carrying `basic.publish` comes as `publish`, and
    /// `connection.close` as `closed`.
    case method(ConnectionID, channel: UInt16, Method)
    /// `basic.publish` with its whole content.
    case publish(ConnectionID, channel: UInt16, Message, mandatory: Bool, immediate: Bool)
    /// Everything that was handed out for this connection is on its way to the client, so it may get more.
    case drained(ConnectionID)
    /// The connection has ended, by whichever side and for whatever reason.
    case closed(ConnectionID)
    /// Nothing but time has passed.
    case timePassed
}
