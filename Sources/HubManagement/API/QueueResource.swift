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
            let view = request.view
            try VirtualHostResource.requireVirtualHost(request.path("vhost"), in: view)
            let inside = view.snapshot.queues.indices.filter {
                view.snapshot.queues[$0].vhost == request.path("vhost")
            }
            return try Listing.response(inside.map(view.queue), request.request)
        }
        routes.get("/api/queues/{vhost}/{queue}") { request in
            let view = request.view
            return try Listing.response(view.queueAlone(try find(request, view)), request.request)
        }
        routes.put("/api/queues/{vhost}/{queue}", declare)
        routes.delete("/api/queues/{vhost}/{queue}", delete)
        routes.delete("/api/queues/{vhost}/{queue}/contents", purge)
        routes.get("/api/queues/{vhost}/{queue}/bindings") { request in
            let view = request.view
            let queue = view.snapshot.queues[try find(request, view)]
            let found = view.bindings.filter {
                $0.vhost.isExactly(queue.vhost) && $0.isToQueue && $0.destination.isExactly(queue.name)
            }
            return try Listing.response(found.map(view.binding), request.request)
        }
    }

    /// Which of the view's queues the path names. Throws 404 where it is not there.
    static func find(_ request: ManagementRequest, _ view: ManagementView) throws(ManagementError) -> Int {
        let (vhost, name) = (request.path("vhost"), request.path("queue"))
        guard
            let found = view.snapshot.queues.firstIndex(where: { $0.vhost.isExactly(vhost) && $0.name.isExactly(name) })
        else {
            throw .notFound
        }
        return found
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
        let isKnown = request.view.snapshot.queue(name, vhost: vhost) != nil
        try request.fromBehind(vhost: vhost) { channel, broker throws(ProtocolError) in
            try channel.run(.queueDeclare(declare), &broker)
        }
        return Response(status: isKnown ? .noContent : .created)
    }

    private static func delete(_ request: ManagementRequest) async throws -> Response {
        _ = try find(request, request.view)
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
        _ = try find(request, request.view)
        let purge = QueuePurge(queue: request.path("queue"))
        try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(.queuePurge(purge), &broker)
        }
        return Response(status: .noContent)
    }
}
