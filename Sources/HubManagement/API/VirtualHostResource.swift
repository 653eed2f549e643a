import HTTPServing
import HubSim
import Hummingbird
import JSON
import Octets

/// `vhosts`: list, show, add, remove.
enum VirtualHostResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/vhosts") { request in
            try Listing.response(request.hub.virtualHosts().map(ManagementView.virtualHost), request.request)
        }
        routes.get("/api/vhosts/{vhost}") { request in
            guard let host = request.hub.virtualHost(request.path("vhost")) else { throw ManagementError.notFound }
            return try Listing.response(ManagementView.virtualHost(host), request.request)
        }
        routes.put("/api/vhosts/{vhost}") { request in
            try request.requireAdministrator()
            _ = try await request.body()
            do throws(HubIsFull) {
                let isNew = try request.hub.addVirtualHost(request.path("vhost"))
                return Response(status: isNew ? .created : .noContent)
            } catch {
                throw ManagementError.badRequest(.string(error.description))
            }
        }
        routes.delete("/api/vhosts/{vhost}") { request in
            try request.requireAdministrator()
            guard request.hub.removeVirtualHost(request.path("vhost")) else { throw ManagementError.notFound }
            return Response(status: .noContent)
        }
        routes.get("/api/vhosts/{vhost}/permissions") { request in
            try request.requireAdministrator()
            let vhost = JSONValue.string(try request.virtualHost())
            let inside = UserResource.permissions(request.hub).filter { $0["vhost"] == vhost }
            return try Listing.response(inside, request.request)
        }
        routes.get("/api/vhosts/{vhost}/connections") { request in
            let vhost = try request.virtualHost()
            let view = request.view
            let inside = view.snapshot.connections.indices.filter {
                view.snapshot.connections[$0].vhost.isExactly(vhost)
            }
            return try Listing.response(inside.map(view.connection), request.request)
        }
    }
}
