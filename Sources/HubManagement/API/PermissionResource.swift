import HTTPServing
import HubSim
import Hummingbird
import JSON

/// `permissions` and `topic-permissions`: what users may do. For administrators, as in RabbitMQ.
enum PermissionResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/topic-permissions") { request in
            try request.requireAdministrator()
            return try Listing.response(UserResource.topicPermissions(request.hub), request.request)
        }
        routes.get("/api/permissions") { request in
            try request.requireAdministrator()
            return try Listing.response(UserResource.permissions(request.hub), request.request)
        }
        routes.get("/api/permissions/{vhost}/{user}") { request in
            try request.requireAdministrator()
            let (vhost, user) = (try request.virtualHost(), JSONValue.string(request.path("user")))
            let found = UserResource.permissions(request.hub).first {
                $0["user"] == user && $0["vhost"] == .string(vhost)
            }
            guard let found else { throw ManagementError.notFound }
            return try Listing.response(found, request.request)
        }
        routes.put("/api/permissions/{vhost}/{user}", put)
        routes.delete("/api/permissions/{vhost}/{user}") { request in
            try request.requireAdministrator()
            let (vhost, user) = (try request.virtualHost(), request.path("user"))
            guard request.hub.user(user)?.permissions(in: vhost) != nil,
                request.hub.setPermissions(nil, of: user, in: vhost) != nil
            else { throw ManagementError.notFound }
            return Response(status: .noContent)
        }
    }

    /// `{"configure", "write", "read"}`: patterns of names.
    private static func put(_ request: ManagementRequest) async throws -> Response {
        try request.requireAdministrator()
        let body = try await request.body()
        try ManagementRequest.require(["configure", "write", "read"], in: body)
        let vhost = try request.virtualHost()
        let permissions = HubPermissions(
            configure: try pattern(body, "configure"),
            write: try pattern(body, "write"),
            read: try pattern(body, "read")
        )
        guard let before = request.hub.setPermissions(permissions, of: request.path("user"), in: vhost) else {
            throw ManagementError.badRequest("no_such_user")
        }
        return Response(status: before.permissions(in: vhost) == nil ? .created : .noContent)
    }

    private static func pattern(_ body: [String: JSONValue], _ name: String) throws(ManagementError) -> NamePattern {
        guard let text = body[name]?.string else { throw .badRequest(["not_a_string", .string(name)]) }
        do throws(NamePattern.Malformed) {
            return try NamePattern(text)
        } catch {
            throw .badRequest(.string("\(name) \(error.problem)"))
        }
    }
}
