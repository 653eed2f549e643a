/// Someone who may log in. Every user may do everything in every vhost.
public struct HubUser: Sendable, Hashable {
    public var name: String
    public var password: String

    public init(name: String, password: String) {
        self.name = name
        self.password = password
    }

    /// RabbitMQ's first user.
    public static let guest = HubUser(name: "guest", password: "guest")
}
