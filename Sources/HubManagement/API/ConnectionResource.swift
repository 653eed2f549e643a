import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import Octets

/// `connections`, `channels` and `consumers`; a connection can be closed.
enum ConnectionResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/connections") { request in
            let view = request.view
            return try Listing.response(view.snapshot.connections.indices.map(view.connection), request.request)
        }
        routes.get("/api/connections/{connection}") { request in
            let view = request.view
            return try Listing.response(view.connection(try index(request, view)), request.request)
        }
        routes.delete("/api/connections/{connection}", close)
        routes.get("/api/connections/{connection}/channels") { request in
            let view = request.view
            return try Listing.response(view.channels(of: try index(request, view)), request.request)
        }
        routes.get("/api/channels") { request in
            let view = request.view
            return try Listing.response(view.snapshot.connections.indices.flatMap(view.channels), request.request)
        }
        routes.get("/api/channels/{channel}", channel)
        routes.get("/api/consumers") { request in
            let view = request.view
            return try Listing.response(view.inventory.consumers.map(view.consumer), request.request)
        }
        routes.get("/api/consumers/{vhost}") { request in
            let view = request.view
            try VirtualHostResource.requireVirtualHost(request.path("vhost"), in: view)
            let inside = view.inventory.consumers.filter { $0.vhost.isExactly(request.path("vhost")) }
            return try Listing.response(inside.map(view.consumer), request.request)
        }
    }

    private static func close(_ request: ManagementRequest) async throws -> Response {
        let view = request.view
        let id = view.snapshot.connections[try index(request, view)].id
        let reason = request.request.headers[.xReason].map { $0.isEmpty ? standardReason : $0 } ?? standardReason
        guard request.hub.closeConnection(id, reason: reason) else { throw ManagementError.notFound }
        return Response(status: .noContent)
    }

    private static func channel(_ request: ManagementRequest) async throws -> Response {
        let view = request.view
        for index in view.snapshot.connections.indices {
            for channel in view.channels(of: index) where channel["name"] == .string(request.path("channel")) {
                return try Listing.response(view.channelAlone(channel, of: index), request.request)
            }
        }
        throw ManagementError.notFound
    }

    private static func index(_ request: ManagementRequest, _ view: ManagementView) throws(ManagementError) -> Int {
        let name = request.path("connection")
        guard let index = view.snapshot.connections.indices.first(where: { view.connectionName($0) == name }) else {
            throw .notFound
        }
        return index
    }

    private static let standardReason = "Closed via management plugin"
}

extension HTTPField.Name {
    /// `X-Reason`: what a client is told when its connection is closed.
    static var xReason: HTTPField.Name {
        guard let name = HTTPField.Name("X-Reason") else { preconditionFailure("Cannot name X-Reason") }
        return name
    }
}
