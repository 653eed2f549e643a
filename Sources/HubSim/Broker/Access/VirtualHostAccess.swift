import Octets

/// What something is to be done with, in RabbitMQ's three permissions.
enum Permission: String {
    case configure, write, read
}

/// What one user may do in one vhost, ready to be asked. Owned by the connections of that user.
final class VirtualHostAccess {
    private let configure: NameMatcher
    private let write: NameMatcher
    private let read: NameMatcher
    private let topics: [ExactText: (write: NameMatcher, read: NameMatcher)]

    init(_ permissions: HubPermissions) {
        configure = NameMatcher(permissions.configure)
        write = NameMatcher(permissions.write)
        read = NameMatcher(permissions.read)
        topics = Dictionary(permissions.topics.mapValues { (NameMatcher($0.write), NameMatcher($0.read)) })
    }

    func grants(_ permission: Permission, on name: String) -> Bool {
        switch permission {
        case .configure: configure.fits(name)
        case .write: write.fits(name)
        case .read: read.fits(name)
        }
    }

    /// Whether a routing key may be used with a topic exchange; any may where nothing is said about the exchange.
    func grants(_ permission: Permission, onTopic routingKey: String, of exchange: String) -> Bool {
        guard let topic = topics[exchange] else { return true }
        return (permission == .write ? topic.write : topic.read).fits(routingKey)
    }
}
