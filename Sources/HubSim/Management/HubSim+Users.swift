/// Who may log in, as a manager sees it.
extension HubSim {
    /// In the order of the configuration.
    package var users: [HubUser] { configuration.users }

    /// Whether this user may manage all of the hub: with RabbitMQ's tag for it, and where nothing was said of what it may
    /// do, as for `guest`.
    package func isAdministrator(_ name: String) -> Bool {
        users.contains { $0.name == name && $0.isAdministrator }
    }
}

extension HubUser {
    private static let administratorTag = "administrator"

    var isAdministrator: Bool {
        name == HubUser.guest.name || permissions == nil || tags.contains(Self.administratorTag)
    }

    /// Its tags, with that of an administrator where it is one without having been called so.
    package var effectiveTags: [String] {
        isAdministrator && !tags.contains(Self.administratorTag) ? tags + [Self.administratorTag] : tags
    }

    /// What it may do in a vhost; nil where it may not open it.
    package func permissions(in vhost: String) -> HubPermissions? {
        guard let permissions else { return .all }
        return permissions[vhost]
    }
}
