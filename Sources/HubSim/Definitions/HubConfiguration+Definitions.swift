import Octets

extension HubConfiguration {
    /// The first user who may open a vhost.
    func user(of virtualHost: String) -> HubUser? {
        users.first { $0.permissions.map { $0[virtualHost] != nil } ?? true }
    }

    /// The configuration with the users and vhosts of its definitions. They stand instead of those that a new node has,
    /// and beside others.
    func withDefinitions() -> HubConfiguration {
        guard let definitions else { return self }
        var configuration = self
        if !definitions.users.isEmpty {
            let others = users == [.guest] ? [] : users
            configuration.users =
                others.filter { user in !definitions.users.contains { $0.name.isExactly(user.name) } }
                + definitions.users
        }
        if !definitions.virtualHosts.isEmpty {
            let others = virtualHosts == ["/"] ? [] : virtualHosts
            configuration.virtualHosts =
                others.filter { !definitions.virtualHosts.contains($0) } + definitions.virtualHosts
        }
        for path in definitions.ignored {
            logger.notice("definitions have something that the hub does not keep", metadata: ["path": "\(path)"])
        }
        return configuration
    }
}
