import AMQP
import HTTPServing
import HubSim
import Hummingbird
import JSON
import Octets

/// `exchanges`: list, show, declare, delete.
enum ExchangeResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/exchanges") { request in
            let view = request.view
            return try Listing.response(view.snapshot.exchanges.map(view.exchange), request.request)
        }
        routes.get("/api/exchanges/{vhost}") { request in
            let view = request.view
            try VirtualHostResource.requireVirtualHost(request.path("vhost"), in: view)
            let inside = view.snapshot.exchanges.filter { $0.vhost.isExactly(request.path("vhost")) }
            return try Listing.response(inside.map(view.exchange), request.request)
        }
        routes.get("/api/exchanges/{vhost}/{exchange}") { request in
            let view = request.view
            return try Listing.response(view.exchangeAlone(try find(request, view)), request.request)
        }
        routes.put("/api/exchanges/{vhost}/{exchange}", declare)
        routes.delete("/api/exchanges/{vhost}/{exchange}", delete)
        routes.get("/api/exchanges/{vhost}/{exchange}/bindings/source") { request in
            let view = request.view
            let exchange = try find(request, view)
            let found = view.bindings.filter {
                $0.vhost.isExactly(exchange.vhost) && $0.source.isExactly(exchange.name)
            }
            return try Listing.response(found.map(view.binding), request.request)
        }
        routes.get("/api/exchanges/{vhost}/{exchange}/bindings/destination") { request in
            let view = request.view
            let exchange = try find(request, view)
            let found = view.bindings.filter {
                $0.vhost.isExactly(exchange.vhost) && !$0.isToQueue && $0.destination.isExactly(exchange.name)
            }
            return try Listing.response(found.map(view.binding), request.request)
        }
    }

    /// The exchange that the path names. Throws 404 where it is not there.
    static func find(_ request: ManagementRequest, _ view: ManagementView) throws(ManagementError) -> ExchangeSnapshot {
        let (vhost, name) = (request.path("vhost"), request.exchangeName)
        guard let found = view.snapshot.exchanges.first(where: { $0.vhost.isExactly(vhost) && $0.name.isExactly(name) })
        else {
            throw .notFound
        }
        return found
    }

    private static func declare(_ request: ManagementRequest) async throws -> Response {
        let (vhost, name) = (request.path("vhost"), request.exchangeName)
        let body = try await request.body()
        let type = try ManagementRequest.text(body["type"], "type")
        let declare = ExchangeDeclare(
            exchange: name,
            type: type.isEmpty ? "direct" : type,
            durable: try ManagementRequest.flag(body["durable"], default: false),
            autoDelete: try ManagementRequest.flag(body["auto_delete"], default: false),
            internal: try ManagementRequest.flag(body["internal"], default: false),
            arguments: try ManagementRequest.table(body["arguments"])
        )
        let exchanges = request.view.snapshot.exchanges
        try request.fromBehind(vhost: vhost) { channel, broker throws(ProtocolError) in
            try channel.run(.exchangeDeclare(declare), &broker)
        }
        let isKnown = exchanges.contains { $0.vhost.isExactly(vhost) && $0.name.isExactly(name) }
        return Response(status: isKnown ? .noContent : .created)
    }

    private static func delete(_ request: ManagementRequest) async throws -> Response {
        let exchange = try find(request, request.view)
        let delete = ExchangeDelete(exchange: exchange.name, ifUnused: try request.asks("if-unused"))
        try request.fromBehind(vhost: exchange.vhost) { channel, broker throws(ProtocolError) in
            try channel.run(.exchangeDelete(delete), &broker)
        }
        return Response(status: .noContent)
    }
}
