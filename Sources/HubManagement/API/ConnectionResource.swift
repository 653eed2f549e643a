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
            let vhost = try request.virtualHost()
            let view = request.view
            let inside = view.inventory.consumers.filter { $0.vhost.isExactly(vhost) }
            return try Listing.response(inside.map(view.consumer), request.request)
        }
    }

    private static func close(_ request: ManagementRequest) async throws -> Response {
        let view = request.view
        let connection = view.snapshot.connections[try index(request, view)]
        guard connection.user.isExactly(request.user) || request.hub.isAdministrator(request.user) else {
            throw ManagementError.refused("User not authorised to access object")
        }
        guard request.hub.closeConnection(connection.id, reason: reason(request.request)) else {
            throw ManagementError.notFound
        }
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
        guard let index = view.snapshot.connections.indices.first(where: { view.connectionName($0).isExactly(name) })
        else {
            throw .notFound
        }
        return index
    }

    /// What the client of a connection that is closed is told: the request's `X-Reason`, or RabbitMQ's words.
    static func reason(_ request: Request) -> String {
        request.headers[.xReason].flatMap { $0.isEmpty ? nil : $0 } ?? "Closed via management plugin"
    }
}

extension HTTPField.Name {
    /// `X-Reason`: what a client is told when its connection is closed.
    static var xReason: HTTPField.Name {
        guard let name = HTTPField.Name("X-Reason") else { preconditionFailure("Cannot name X-Reason") }
        return name
    }
}
