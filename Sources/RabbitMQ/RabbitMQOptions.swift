import MessageHub

/// How connections to RabbitMQ are made and kept.
public struct RabbitMQOptions: Sendable {
    /// What the hub's operators see in its list of connections.
    public var connectionName: String
    public var product: String
    public var version: String
    /// A sign of life at least this often, in seconds, from both sides; silence for twice as long ends the connection.
    /// 0: none. The hub may want it more often, and a URL may set its own.
    public var heartbeatS = 10
    /// Name look-up aside: TCP and TLS. A URL may set its own.
    public var connectTimeoutMs = 5000
    /// Login and opening of channels.
    public var handshakeTimeoutMs = 5000
    /// A declaration that is not answered for so long ends the connection.
    public var callTimeoutMs = 10_000
    /// A hub that reads nothing for so long, while something is to be sent, ends the connection.
    public var sendTimeoutMs = 15_000
    /// How long an orderly close waits for the hub's word.
    public var closeTimeoutMs = 2000
    public var limits = HubLimits()

    public init(connectionName: String, product: String = "image-service", version: String = "0") {
        self.connectionName = connectionName
        self.product = product
        self.version = version
    }
}
