import AMQP

/// Who is on a connection and what its client can take; settled by the handshake, before the broker hears of it.
package struct ConnectionProfile: Sendable, Hashable {
    package var user: String
    package var virtualHost: String
    /// What people call the connection: the client's `connection_name`, or its addresses.
    package var name: String
    /// The highest channel number that was negotiated.
    package var channelMax: UInt16
    /// The client takes `basic.cancel` when the hub ends a consumer (`consumer_cancel_notify`).
    package var takesConsumerCancel: Bool
    /// The client takes `connection.blocked` and `connection.unblocked`.
    package var takesBlocked: Bool
    /// Both addresses, `client -> hub`; nil for what has none. From here on, only to be looked at.
    package var peer: String?
    package var isTLS = false
    package var clientProperties: FieldTable = [:]
    /// The SASL mechanism that it logged in by; empty in-process.
    package var mechanism = ""
    package var heartbeatSeconds: UInt16 = 0
    package var frameBytesMax: UInt32 = 0

    package init(
        user: String = "guest",
        virtualHost: String = "/",
        name: String = "",
        channelMax: UInt16 = 2047,
        takesConsumerCancel: Bool = true,
        takesBlocked: Bool = true
    ) {
        self.user = user
        self.virtualHost = virtualHost
        self.name = name
        self.channelMax = channelMax
        self.takesConsumerCancel = takesConsumerCancel
        self.takesBlocked = takesBlocked
    }
}
