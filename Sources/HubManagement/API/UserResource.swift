import HTTPServing
import HubSim
import Hummingbird
import JSON
import Octets

/// `users`: who may log in. Passwords are not told. For administrators, as in RabbitMQ.
enum UserResource {
    /// Octets of a password, and of all tags.
    private static let octetsMax = 4096

    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/users") { request in
            try request.requireAdministrator()
            return try Listing.response(request.hub.users.map(user), request.request)
        }
        routes.get("/api/users/{user}") { request in
            try request.requireAdministrator()
            return try Listing.response(user(try find(request)), request.request)
        }
        routes.put("/api/users/{user}", put)
        routes.delete("/api/users/{user}") { request in
            try request.requireAdministrator()
            guard request.hub.removeUser(request.path("user")) else { throw ManagementError.notFound }
            return Response(status: .noContent)
        }
        routes.get("/api/users/{user}/permissions") { request in
            try request.requireAdministrator()
            let name = JSONValue.string(try find(request).name)
            return try Listing.response(permissions(request.hub).filter { $0["user"] == name }, request.request)
        }
    }

    static func user(_ user: HubUser) -> [String: JSONValue] {
        [
            "name": .string(user.name), "tags": .array(user.effectiveTags.map(JSONValue.string)),
            "limits": [:],
        ]
    }

    /// What users may do in the vhosts that there are.
    static func permissions(_ hub: HubSim) -> [[String: JSONValue]] {
        each(hub).map { user, vhost, permissions in
            [
                "user": .string(user), "vhost": .string(vhost),
                "configure": .string(permissions.configure.text), "write": .string(permissions.write.text),
                "read": .string(permissions.read.text),
            ]
        }
    }

    /// Which routing keys of topic exchanges they may use, where something is said of that.
    static func topicPermissions(_ hub: HubSim) -> [[String: JSONValue]] {
        each(hub).flatMap { user, vhost, permissions in
            permissions.topics.sorted { $0.key.isExactly(before: $1.key) }.map { exchange, topic in
                [
                    "user": .string(user), "vhost": .string(vhost), "exchange": .string(exchange),
                    "write": .string(topic.write.text), "read": .string(topic.read.text),
                ]
            }
        }
    }

    private static func each(_ hub: HubSim) -> [(user: String, vhost: String, permissions: HubPermissions)] {
        let users = hub.users
        return hub.virtualHostNames.flatMap { vhost in
            users.compactMap { user in user.permissions(in: vhost).map { (user.name, vhost, $0) } }
        }
    }

    private static func find(_ request: ManagementRequest) throws(ManagementError) -> HubUser {
        guard let user = request.hub.user(request.path("user")) else { throw .notFound }
        return user
    }

    /// `{"password" | "password_hash", "hashing_algorithm"?, "tags"}`. Without a password, or with an empty one, nobody
    /// logs in by it.
    private static func put(_ request: ManagementRequest) async throws -> Response {
        try request.requireAdministrator()
        let body = try await request.body()
        try ManagementRequest.require(["tags"], in: body)
        guard !request.path("user").isEmpty else { throw ManagementError.badRequest("user has no name") }
        let (tags, hash, password) = (try tags(body["tags"]), try hash(body), try text(body, "password"))
        do throws(HubIsFull) {
            let isNew = try request.hub.putUser(request.path("user"), password: password, hash: hash, tags: tags)
            return Response(status: isNew ? .created : .noContent)
        } catch {
            throw ManagementError.badRequest(.string(error.description))
        }
    }

    /// In one text with commas, or one by one.
    private static func tags(_ value: JSONValue?) throws(ManagementError) -> [String] {
        let tags: [String]
        switch value {
        case .string(let text): tags = text.split(separator: ",").map(String.init)
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }): tags = elements.compactMap(\.string)
        default: throw .badRequest(["not_tags", value ?? nil])
        }
        guard tags.reduce(0, { $0 + $1.utf8.count }) <= octetsMax else { throw tooLong("tags") }
        return tags.map { $0.drop { $0 == " " } }.map(String.init).filter { !$0.isEmpty }
    }

    private static func hash(_ body: [String: JSONValue]) throws(ManagementError) -> PasswordHash? {
        let base64 = try text(body, "password_hash")
        guard !base64.isEmpty else { return nil }
        let name = try text(body, "hashing_algorithm")
        guard let algorithm = name.isEmpty ? .sha256 : PasswordHash.Algorithm(rawValue: name),
            let hash = PasswordHash(base64, algorithm: algorithm)
        else { throw .badRequest("password_hash is no salted hash in base64") }
        return hash
    }

    private static func text(_ body: [String: JSONValue], _ name: String) throws(ManagementError) -> String {
        guard let value = body[name], value != .null else { return "" }
        guard let text = value.string else { throw .badRequest(["not_a_string", .string(name)]) }
        guard text.utf8.count <= octetsMax else { throw tooLong(name) }
        return text
    }

    private static func tooLong(_ name: String) -> ManagementError {
        .badRequest(.string("\(name) has more than \(octetsMax) octets"))
    }
}
