import AMQP
import HTTPServing
import HubSim
import Hummingbird
import JSON
import Octets

/// `queues`: list, show, declare, delete, purge.
enum QueueResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/queues") { request in
            let view = request.view
            return try Listing.response(view.snapshot.queues.indices.map(view.queue), request.request)
        }
        routes.get("/api/queues/{vhost}") { request in
            let vhost = try request.virtualHost()
            let view = request.view
            let inside = view.snapshot.queues.indices.filter { view.snapshot.queues[$0].vhost.isExactly(vhost) }
            return try Listing.response(inside.map(view.queue), request.request)
        }
        routes.get("/api/queues/{vhost}/{queue}") { request in
            try Listing.response(try request.queueView().queueAlone(0), request.request)
        }
        routes.put("/api/queues/{vhost}/{queue}", declare)
        routes.delete("/api/queues/{vhost}/{queue}", delete)
        routes.delete("/api/queues/{vhost}/{queue}/contents", purge)
        routes.get("/api/queues/{vhost}/{queue}/bindings") { request in
            try requireQueue(request)
            let view = request.view
            let (vhost, name) = (request.path("vhost"), request.path("queue"))
            let found = view.bindings.filter {
                $0.vhost.isExactly(vhost) && $0.isToQueue && $0.destination.isExactly(name)
            }
            return try Listing.response(found.map(view.binding), request.request)
        }
    }

    /// Throws 404 where the queue that the path names is not there.
    private static func requireQueue(_ request: ManagementRequest) throws(ManagementError) {
        guard request.hub.hasQueue(request.path("queue"), vhost: request.path("vhost")) else { throw .notFound }
    }

    private static func declare(_ request: ManagementRequest) async throws -> Response {
        let (vhost, name) = (request.path("vhost"), request.path("queue"))
        let body = try await request.body()
        let declare = QueueDeclare(
            queue: name,
            durable: try ManagementRequest.flag(body["durable"], default: false),
            autoDelete: try ManagementRequest.flag(body["auto_delete"], default: false),
            arguments: try ManagementRequest.table(body["arguments"])
        )
        let isKnown = request.hub.hasQueue(name, vhost: vhost)
        try request.fromBehind(vhost: vhost) { channel, broker throws(ProtocolError) in
            try channel.run(.queueDeclare(declare), &broker)
        }
        return Response(status: isKnown ? .noContent : .created)
    }

    private static func delete(_ request: ManagementRequest) async throws -> Response {
        try requireQueue(request)
        let delete = QueueDelete(
            queue: request.path("queue"),
            ifUnused: try request.asks("if-unused"),
            ifEmpty: try request.asks("if-empty")
        )
        try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(.queueDelete(delete), &broker)
        }
        return Response(status: .noContent)
    }

    private static func purge(_ request: ManagementRequest) async throws -> Response {
        try requireQueue(request)
        let purge = QueuePurge(queue: request.path("queue"))
        try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(.queuePurge(purge), &broker)
        }
        return Response(status: .noContent)
    }
}
