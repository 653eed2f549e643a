/// What a user may do in one vhost, by the names of queues and exchanges (RabbitMQ's access control).
///
///     HubPermissions(configure: .none, write: try NamePattern("^jobs$"), read: .all)
public struct HubPermissions: Sendable, Hashable {
    /// Declare and delete.
    public var configure: NamePattern
    /// Publish to an exchange; bind something to it or to a queue.
    public var write: NamePattern
    /// Consume, get and purge; bind something to an exchange as its source.
    public var read: NamePattern
    /// For topic exchanges, by their names, also by routing keys: what may be published (write) and bound (read).
    public var topics: [String: HubTopicPermissions] = [:]

    public init(configure: NamePattern = .none, write: NamePattern = .none, read: NamePattern = .none) {
        self.configure = configure
        self.write = write
        self.read = read
    }

    /// Everything.
    public static let all = HubPermissions(configure: .all, write: .all, read: .all)
}

/// Which routing keys a user may use with one topic exchange.
public struct HubTopicPermissions: Sendable, Hashable {
    public var write: NamePattern
    public var read: NamePattern

    public init(write: NamePattern = .none, read: NamePattern = .none) {
        self.write = write
        self.read = read
    }
}
