import AMQP
import Octets

/// Who may log in, as a manager sees and changes it.
extension HubSim {
    /// In the order in which they came.
    package var users: [HubUser] { userBook.all }

    /// A user; nil where there is none of this name.
    package func user(_ name: String) -> HubUser? { userBook[name] }

    /// Whether this user may manage all of the hub: with RabbitMQ's tag for it, and where nothing was said of what it may
    /// do, as for `guest`.
    package func isAdministrator(_ name: String) -> Bool { userBook[name]?.isAdministrator ?? false }

    /// Adds a user who may open no vhost, or changes who it is: password and tags. Throws where there are as many as may
    /// be.
    /// - Returns: whether it is new.
    package func putUser(
        _ name: String,
        password: String,
        hash: PasswordHash?,
        tags: [String]
    ) throws(HubIsFull) -> Bool {
        let most = configuration.limits.usersMax
        return try changeUser(name) { known, count, _ throws(HubIsFull) in
            guard known != nil || count < most else {
                throw HubIsFull("cannot create user '\(name)': user limit of \(most) is reached")
            }
            var user = known ?? HubUser(name: name, password: "", permissions: [:])
            (user.password, user.passwordHash, user.tags) = (password, hash, tags)
            return user
        } == nil
    }

    /// Removes a user; its connections are closed with 320 `CONNECTION_FORCED`.
    /// - Returns: whether it was there.
    package func removeUser(_ name: String) -> Bool { changeUser(name) { _, _, _ in nil } != nil }

    /// Says what a user may do in a vhost, from now on, on open connections too; nil: nothing, nor open it. Topic
    /// permissions stay as they are.
    /// - Returns: the user as it was; nil where there is none of this name.
    package func setPermissions(_ permissions: HubPermissions?, of name: String, in vhost: String) -> HubUser? {
        changeUser(name) { known, _, virtualHosts in
            guard var user = known else { return nil }
            // Who may do everything everywhere goes on with that in the other vhosts.
            var granted =
                user.permissions ?? Dictionary(virtualHosts.map { ($0, HubPermissions.all) }) { first, _ in first }
            var changed = permissions
            changed?.topics = granted[vhost]?.topics ?? [:]
            granted[vhost] = changed
            user.permissions = granted
            return user
        }
    }

    /// Changes a user, and with it what the broker lets it do, all at once: nobody is let in without.
    /// - Parameter body: gets the user as it is, nil where there is none, how many there are, and the vhosts.
    /// - Returns: the user as it was.
    private func changeUser<Problem: Error>(
        _ name: String,
        _ body: (HubUser?, _ count: Int, _ virtualHosts: [String]) throws(Problem) -> HubUser?
    ) throws(Problem) -> HubUser? {
        var result: Result<HubUser?, Problem> = .success(nil)
        hub.change { broker, now in
            let virtualHosts = broker.hosts.values.map(\.name)
            do throws(Problem) {
                let (before, after) = try userBook.change(name) { user, count throws(Problem) in
                    try body(user, count, virtualHosts)
                }
                if before != nil || after != nil { broker.follow(name, after, at: now) }
                result = .success(before)
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}

extension Broker {
    /// Lets a user do what it may from now on; nil: it is gone.
    fileprivate mutating func follow(_ name: String, _ user: HubUser?, at now: Instant) {
        let own = connections.values.filter { $0.profile.user.isExactly(name) }
        guard let user else {
            // Who has logged in and is about to open a vhost opens none.
            permissions[name] = [:]
            for id in own.map(\.id).sorted(by: { $0.rawValue < $1.rawValue }) {
                end(id, ProtocolError(.connectionForced, "user '\(name)' is deleted"), at: now)
            }
            return
        }
        permissions[name] = user.permissions.map { Dictionary($0) }
        for connection in own {
            let granted = user.permissions(in: connection.host.name) ?? HubPermissions()
            connection.access = granted == .all ? nil : VirtualHostAccess(granted)
        }
    }
}

extension HubUser {
    private static let administratorTag = "administrator"

    var isAdministrator: Bool {
        name.isExactly(HubUser.guest.name) || permissions == nil || tags.contains(Self.administratorTag)
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
