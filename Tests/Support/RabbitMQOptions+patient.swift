import RabbitMQ

extension RabbitMQOptions {
    /// A client that no busy machine makes give up: all its times are far over what any answer takes.
    package static func patient(_ connectionName: String) -> RabbitMQOptions {
        var options = RabbitMQOptions(connectionName: connectionName)
        options.heartbeatS = 120
        options.connectTimeoutMs = 120_000
        options.handshakeTimeoutMs = 120_000
        options.callTimeoutMs = 120_000
        options.sendTimeoutMs = 120_000
        return options
    }
}
