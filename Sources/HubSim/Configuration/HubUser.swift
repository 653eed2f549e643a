/// Someone who may log in. Where nothing else is said, it may do everything in every vhost.
///
///     HubUser(name: "worker", password: "secret", permissions: ["/": HubPermissions(read: .all)])
public struct HubUser: Sendable, Hashable {
    public var name: String
    /// Nobody logs in with an empty one, as in RabbitMQ.
    public var password: String
    /// Instead of the password, where only its hash is known.
    public var passwordHash: PasswordHash?
    /// RabbitMQ's tags: what a user may do in the management interface. Only `administrator` matters here.
    public var tags: [String]
    /// What it may do, by vhost; it may not open a vhost that is not named. Nil: everything everywhere.
    public var permissions: [String: HubPermissions]?

    public init(
        name: String,
        password: String,
        passwordHash: PasswordHash? = nil,
        tags: [String] = [],
        permissions: [String: HubPermissions]? = nil
    ) {
        self.name = name
        self.password = password
        self.passwordHash = passwordHash
        self.tags = tags
        self.permissions = permissions
    }

    /// RabbitMQ's first user.
    public static let guest = HubUser(name: "guest", password: "guest")

    /// Whether this is its password.
    func isLetIn(by password: String) -> Bool {
        guard !password.isEmpty else { return false }
        if let passwordHash { return passwordHash.isMade(from: password) }
        return password == self.password
    }
}
