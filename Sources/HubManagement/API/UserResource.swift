import HTTPServing
import HubSim
import Hummingbird
import JSON

/// `users` and `permissions`: who there is. Every user may do everything; passwords are not told.
enum UserResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/users") { request in
            try Listing.response(request.hub.userNames.map(user), request.request)
        }
        routes.get("/api/users/{user}") { request in
            try requireUser(request)
            return try Listing.response(user(request.path("user")), request.request)
        }
        routes.get("/api/users/{user}/permissions") { request in
            try requireUser(request)
            let all = permissions(request.view, request.hub)
            return try Listing.response(all.filter { $0["user"] == .string(request.path("user")) }, request.request)
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

    static func user(_ name: String) -> [String: JSONValue] {
        ["name": .string(name), "tags": ["administrator"], "limits": [:]]
    }

    static func permissions(_ view: ManagementView, _ hub: HubSim) -> [[String: JSONValue]] {
        view.inventory.virtualHosts.flatMap { vhost in
            hub.userNames.map { user in
                [
                    "user": .string(user), "vhost": .string(vhost), "configure": ".*", "write": ".*",
                    "read": ".*",
                ]
            }
        }
    }

    private static func requireUser(_ request: ManagementRequest) throws(ManagementError) {
        guard request.hub.userNames.contains(request.path("user")) else { throw .notFound }
    }
}
