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
            return try Listing.response(view.snapshot.exchanges.indices.map(view.exchange), request.request)
        }
        routes.get("/api/exchanges/{vhost}") { request in
            let vhost = try request.virtualHost()
            let view = request.view
            let inside = view.snapshot.exchanges.indices.filter { view.snapshot.exchanges[$0].vhost.isExactly(vhost) }
            return try Listing.response(inside.map(view.exchange), request.request)
        }
        routes.get("/api/exchanges/{vhost}/{exchange}") { request in
            try Listing.response(try request.exchangeView().exchangeAlone(0), request.request)
        }
        routes.put("/api/exchanges/{vhost}/{exchange}", declare)
        routes.delete("/api/exchanges/{vhost}/{exchange}", delete)
        routes.get("/api/exchanges/{vhost}/{exchange}/bindings/source") { request in
            try requireExchange(request)
            let view = request.view
            let (vhost, name) = (request.path("vhost"), request.exchangeName)
            let found = view.bindings.filter { $0.vhost.isExactly(vhost) && $0.source.isExactly(name) }
            return try Listing.response(found.map(view.binding), request.request)
        }
        routes.get("/api/exchanges/{vhost}/{exchange}/bindings/destination") { request in
            try requireExchange(request)
            let view = request.view
            let (vhost, name) = (request.path("vhost"), request.exchangeName)
            let found = view.bindings.filter {
                $0.vhost.isExactly(vhost) && !$0.isToQueue && $0.destination.isExactly(name)
            }
            return try Listing.response(found.map(view.binding), request.request)
        }
    }

    /// Throws 404 where the exchange that the path names is not there.
    private static func requireExchange(_ request: ManagementRequest) throws(ManagementError) {
        guard request.hub.hasExchange(request.exchangeName, vhost: request.path("vhost")) else { throw .notFound }
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
        let isKnown = request.hub.hasExchange(name, vhost: vhost)
        try request.fromBehind(vhost: vhost) { channel, broker throws(ProtocolError) in
            try channel.run(.exchangeDeclare(declare), &broker)
        }
        return Response(status: isKnown ? .noContent : .created)
    }

    private static func delete(_ request: ManagementRequest) async throws -> Response {
        try requireExchange(request)
        let delete = ExchangeDelete(exchange: request.exchangeName, ifUnused: try request.asks("if-unused"))
        try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(.exchangeDelete(delete), &broker)
        }
        return Response(status: .noContent)
    }
}
