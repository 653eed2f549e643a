import HTTPServing
import Hummingbird
import JSON

/// `vhosts`: list, show, add, remove.
enum VirtualHostResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/vhosts") { request in
            let view = request.view
            return try Listing.response(view.inventory.virtualHosts.map(view.virtualHost), request.request)
        }
        routes.get("/api/vhosts/{vhost}") { request in
            let view = request.view
            try requireVirtualHost(request.path("vhost"), in: view)
            return try Listing.response(view.virtualHost(request.path("vhost")), request.request)
        }
        routes.put("/api/vhosts/{vhost}") { request in
            _ = try await request.body()
            let isNew = request.hub.addVirtualHost(request.path("vhost"))
            return Response(status: isNew ? .created : .noContent)
        }
        routes.delete("/api/vhosts/{vhost}") { request in
            guard request.hub.removeVirtualHost(request.path("vhost")) else { throw ManagementError.notFound }
            return Response(status: .noContent)
        }
        routes.get("/api/vhosts/{vhost}/permissions") { request in
            let view = request.view
            try requireVirtualHost(request.path("vhost"), in: view)
            let permissions = UserResource.permissions(view, request.hub)
            return try Listing.response(
                permissions.filter { $0["vhost"] == .string(request.path("vhost")) },
                request.request
            )
        }
        routes.get("/api/vhosts/{vhost}/connections") { request in
            let view = request.view
            try requireVirtualHost(request.path("vhost"), in: view)
            let inside = view.snapshot.connections.indices.filter {
                view.snapshot.connections[$0].vhost == request.path("vhost")
            }
            return try Listing.response(inside.map(view.connection), request.request)
        }
    }

    /// Throws 404 where there is no such vhost.
    static func requireVirtualHost(_ name: String, in view: ManagementView) throws(ManagementError) {
        guard view.inventory.virtualHosts.contains(name) else { throw .notFound }
    }
}
