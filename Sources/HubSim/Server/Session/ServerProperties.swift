import AMQP

/// What the hub says of itself in `connection.start`: as RabbitMQ does, because clients look for its name and version.
enum ServerProperties {
    /// The capabilities that the hub keeps.
    static let capabilities: FieldTable = [
        "publisher_confirms": true,
        "exchange_exchange_bindings": true,
        "basic.nack": true,
        "consumer_cancel_notify": true,
        "connection.blocked": true,
        "consumer_priorities": true,
        "authentication_failure_close": true,
        "per_consumer_qos": true,
        "direct_reply_to": true,
    ]

    static func table(_ personality: Personality, clusterName: String) -> FieldTable {
        [
            "capabilities": .table(capabilities),
            "cluster_name": .string(clusterName),
            "information": "HubSim, a simulated RabbitMQ",
            "platform": "Swift",
            "product": "RabbitMQ",
            "version": .string(personality.version),
        ]
    }
}
