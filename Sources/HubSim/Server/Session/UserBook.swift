import Octets
import Synchronization

/// Who may log in. Managers change it while sessions look into it.
final class UserBook: Sendable {
    private struct Users {
        /// In the order in which they came.
        var names: [ExactText] = []
        var byName: [ExactText: HubUser] = [:]
    }

    private let users: Mutex<Users>

    /// Of several with one name, the first counts.
    init(_ all: [HubUser]) {
        var users = Users()
        for user in all where users.byName[user.name] == nil {
            users.names.append(ExactText(user.name))
            users.byName[user.name] = user
        }
        self.users = Mutex(users)
    }

    subscript(name: String) -> HubUser? { users.withLock { $0.byName[name] } }

    /// In the order in which they came.
    var all: [HubUser] { users.withLock { users in users.names.compactMap { users.byName[$0] } } }

    /// Puts in what becomes of a user; nil takes it out.
    /// - Parameter body: gets the user as it is, nil where there is none, and how many there are.
    func change<Problem: Error>(
        _ name: String,
        _ body: (HubUser?, _ count: Int) throws(Problem) -> HubUser?
    ) throws(Problem) -> (before: HubUser?, after: HubUser?) {
        let name = ExactText(name)
        return try users.withLock { users throws(Problem) in
            let before = users.byName[name]
            let after = try body(before, users.names.count)
            if before == nil, after != nil { users.names.append(name) }
            if before != nil, after == nil { users.names.removeAll { $0 == name } }
            users.byName[name] = after
            return (before, after)
        }
    }
}
