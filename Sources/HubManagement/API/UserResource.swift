import HTTPServing
import HubSim
import Hummingbird
import JSON

/// `users`, `permissions` and `topic-permissions`: who there is and what they may do. Passwords are not told.
enum UserResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/users") { request in
            try Listing.response(request.hub.users.map(user), request.request)
        }
        routes.get("/api/users/{user}") { request in
            try Listing.response(user(try find(request)), request.request)
        }
        routes.get("/api/users/{user}/permissions") { request in
            let name = JSONValue.string(try find(request).name)
            let all = permissions(request.view, request.hub)
            return try Listing.response(all.filter { $0["user"] == name }, request.request)
        }
        routes.get("/api/topic-permissions") { request in
            try Listing.response(topicPermissions(request.view, request.hub), request.request)
        }
        routes.get("/api/permissions") { request in
            try Listing.response(permissions(request.view, request.hub), request.request)
        }
        routes.get("/api/permissions/{vhost}/{user}") { request in
            let found = permissions(request.view, request.hub).first {
                $0["user"] == .string(request.path("user")) && $0["vhost"] == .string(request.path("vhost"))
            }
            guard let found else { throw ManagementError.notFound }
            return try Listing.response(found, request.request)
        }
    }

    static func user(_ user: HubUser) -> [String: JSONValue] {
        [
            "name": .string(user.name), "tags": .array(user.effectiveTags.map(JSONValue.string)),
            "limits": [:],
        ]
    }

    /// What users may do in the vhosts that there are.
    static func permissions(_ view: ManagementView, _ hub: HubSim) -> [[String: JSONValue]] {
        each(view, hub).map { user, vhost, permissions in
            [
                "user": .string(user), "vhost": .string(vhost),
                "configure": .string(permissions.configure.text), "write": .string(permissions.write.text),
                "read": .string(permissions.read.text),
            ]
        }
    }

    /// Which routing keys of topic exchanges they may use, where something is said of that.
    static func topicPermissions(_ view: ManagementView, _ hub: HubSim) -> [[String: JSONValue]] {
        each(view, hub).flatMap { user, vhost, permissions in
            permissions.topics.sorted { $0.key < $1.key }.map { exchange, topic in
                [
                    "user": .string(user), "vhost": .string(vhost), "exchange": .string(exchange),
                    "write": .string(topic.write.text), "read": .string(topic.read.text),
                ]
            }
        }
    }

    private static func each(
        _ view: ManagementView,
        _ hub: HubSim
    ) -> [(user: String, vhost: String, permissions: HubPermissions)] {
        view.inventory.virtualHosts.flatMap { vhost in
            hub.users.compactMap { user in user.permissions(in: vhost).map { (user.name, vhost, $0) } }
        }
    }

    private static func find(_ request: ManagementRequest) throws(ManagementError) -> HubUser {
        guard let user = request.hub.users.first(where: { $0.name == request.path("user") }) else { throw .notFound }
        return user
    }
}
