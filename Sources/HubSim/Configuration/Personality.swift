/// Which RabbitMQ the hub is taken for, where versions differ to a client.
public struct Personality: Sendable, Hashable {
    /// What `server-properties` give as version.
    public var version: String
    /// Dead-lettered messages also tell the last death (`x-last-death-exchange`, `-queue`, `-reason`); since 3.13.
    public var tellsLastDeath: Bool

    /// `x-consumer-timeout` is known and must be a number; since 3.12. Before, whatever is no number is overlooked.
    public var checksConsumerTimeout: Bool

    public init(version: String, tellsLastDeath: Bool, checksConsumerTimeout: Bool) {
        self.version = version
        self.tellsLastDeath = tellsLastDeath
        self.checksConsumerTimeout = checksConsumerTimeout
    }

    /// RabbitMQ 3.10, the version in Debian 12.
    public static let rabbitMQ310 = Personality(version: "3.10.8", tellsLastDeath: false, checksConsumerTimeout: false)
    /// RabbitMQ 3.13.
    public static let rabbitMQ313 = Personality(version: "3.13.7", tellsLastDeath: true, checksConsumerTimeout: true)
}
