/// Which RabbitMQ the hub is taken for, where versions differ to a client. Each difference is a value of its own, so that
/// a test can have any mixture.
public struct Personality: Sendable, Hashable {
    /// What `server-properties` give as version.
    public var version = "3.10.8"
    /// Dead-lettered messages also tell the last death (`x-last-death-exchange`, `-queue`, `-reason`); since 3.13
    /// (RabbitMQ's pull request 11174).
    public var tellsLastDeath = false
    /// Queues may say how long a delivery may stay unacknowledged, by `x-consumer-timeout` or the policy key
    /// `consumer-timeout`; since 3.12 (RabbitMQ's issue 5437). Before, both are overlooked, whatever they are, and all
    /// queues have the same time (`HubSimLimits.acknowledgementMs`).
    public var knowsConsumerTimeout = false
    /// Texts of 403 `ACCESS_REFUSED` say which permission is missing: `configure access to queue …` (as in
    /// `rabbit_access_control.erl` of 3.13); before, `access to queue …`.
    public var namesPermission = false
    /// An `x-death` that a client published counts as the message's history. No longer since 4.0 (release notes of 4.0.1,
    /// "AMQP 0.9.1 x-death header"): it is overwritten at the first death.
    public var believesPublishedDeaths = true
    /// A message's body may be so many bytes by default: 128 MiB, since 4.0 16 MiB (release notes of 4.0.1).
    public var messageBytesMax = 134_217_728

    public init() {}

    /// RabbitMQ 3.10, the version in Debian 12.
    public static let rabbitMQ310 = Personality()

    /// RabbitMQ 3.12.
    public static let rabbitMQ312: Personality = {
        var personality = rabbitMQ310
        personality.version = "3.12.14"
        personality.knowsConsumerTimeout = true
        personality.namesPermission = true
        return personality
    }()

    /// RabbitMQ 3.13.
    public static let rabbitMQ313: Personality = {
        var personality = rabbitMQ312
        personality.version = "3.13.7"
        personality.tellsLastDeath = true
        return personality
    }()

    /// RabbitMQ 4.0.
    public static let rabbitMQ40: Personality = {
        var personality = rabbitMQ313
        personality.version = "4.0.9"
        personality.believesPublishedDeaths = false
        personality.messageBytesMax = 16 << 20
        return personality
    }()

    /// All that there are, by the names that settings know.
    public static let named: [(name: String, personality: Personality)] = [
        ("rabbitmq-3.10", .rabbitMQ310), ("rabbitmq-3.12", .rabbitMQ312), ("rabbitmq-3.13", .rabbitMQ313),
        ("rabbitmq-4.0", .rabbitMQ40),
    ]
}
