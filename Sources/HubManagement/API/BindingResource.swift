import AMQP
import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import Octets

/// `bindings`: list, show, bind, unbind.
enum BindingResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/bindings") { request in
            let view = request.view
            return try Listing.response(view.bindings.map(view.binding), request.request)
        }
        routes.get("/api/bindings/{vhost}") { request in
            let vhost = try request.virtualHost()
            let view = request.view
            let inside = view.bindings.filter { $0.vhost.isExactly(vhost) }
            return try Listing.response(inside.map(view.binding), request.request)
        }
        routes.get("/api/bindings/{vhost}/e/{exchange}/{kind}/{destination}") { request in
            let view = request.view
            return try Listing.response(try between(request, view).map(view.binding), request.request)
        }
        routes.post("/api/bindings/{vhost}/e/{exchange}/{kind}/{destination}", bind)
        routes.get("/api/bindings/{vhost}/e/{exchange}/{kind}/{destination}/{key}") { request in
            let view = request.view
            return try Listing.response(view.binding(try find(request, view)), request.request)
        }
        routes.delete("/api/bindings/{vhost}/e/{exchange}/{kind}/{destination}/{key}", unbind)
    }

    /// Whether the path leads to a queue; else to an exchange. Throws 404 where it says neither.
    private static func isToQueue(_ request: ManagementRequest) throws(ManagementError) -> Bool {
        switch request.path("kind") {
        case "q": return true
        case "e": return false
        default: throw .notFound
        }
    }

    private static func between(
        _ request: ManagementRequest,
        _ view: ManagementView
    ) throws(ManagementError) -> [BindingSnapshot] {
        let isToQueue = try isToQueue(request)
        return view.bindings.filter {
            $0.vhost.isExactly(request.path("vhost")) && $0.source.isExactly(request.exchangeName)
                && $0.isToQueue == isToQueue
                && $0.destination.isExactly(request.path("destination"))
        }
    }

    private static func find(
        _ request: ManagementRequest,
        _ view: ManagementView
    ) throws(ManagementError) -> BindingSnapshot {
        let key = request.path("key")
        let found = try between(request, view).first { PropertiesKey.names(key, $0.routingKey, $0.arguments) }
        guard let found else { throw .notFound }
        return found
    }

    private static func bind(_ request: ManagementRequest) async throws -> Response {
        let body = try await request.body()
        let destination = request.path("destination")
        let routingKey = try ManagementRequest.text(body["routing_key"], "routing_key")
        let arguments = try ManagementRequest.table(body["arguments"])
        let method: Method =
            if try isToQueue(request) {
                .queueBind(
                    QueueBind(
                        queue: destination,
                        exchange: request.exchangeName,
                        routingKey: routingKey,
                        arguments: arguments
                    )
                )
            } else {
                .exchangeBind(
                    ExchangeBind(
                        destination: destination,
                        source: request.exchangeName,
                        routingKey: routingKey,
                        arguments: arguments
                    )
                )
            }
        try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(method, &broker)
        }
        let key = PropertiesKey.percentEncoded(PropertiesKey.text(routingKey, arguments))
        let location = "\(PropertiesKey.percentEncoded(destination))/\(key.replacing("%7E", with: "~"))"
        return Response(status: .created, headers: [.location: location])
    }

    private static func unbind(_ request: ManagementRequest) async throws -> Response {
        let binding = try find(request, request.view)
        let method: Method =
            if binding.isToQueue {
                .queueUnbind(
                    QueueUnbind(
                        queue: binding.destination,
                        exchange: binding.source,
                        routingKey: binding.routingKey,
                        arguments: binding.arguments
                    )
                )
            } else {
                .exchangeUnbind(
                    ExchangeUnbind(
                        destination: binding.destination,
                        source: binding.source,
                        routingKey: binding.routingKey,
                        arguments: binding.arguments
                    )
                )
            }
        try request.fromBehind(vhost: binding.vhost) { channel, broker throws(ProtocolError) in
            try channel.run(method, &broker)
        }
        return Response(status: .noContent)
    }
}
