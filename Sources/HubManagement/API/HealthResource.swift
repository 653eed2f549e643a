import AMQP
import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON

/// `aliveness-test`, `health/checks/…`: whether the hub works.
enum HealthResource {
    /// What the aliveness test sends a message through. It stays, as in RabbitMQ.
    private static let queue = "aliveness-test"

    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/aliveness-test/{vhost}", testAliveness)
        for path in alarmChecks { routes.get(path) { request in alarms(request) } }
        // What can only go wrong in a cluster, or with certificates, goes well here.
        for path in standingChecks { routes.get(path) { _ in fine } }
        routes.get("/api/health/checks/port-listener/{port}", port)
        routes.get("/api/health/checks/protocol-listener/{protocol}", protocols)
    }

    private static let alarmChecks: [RoutePath] = [
        "/api/health/checks/alarms", "/api/health/checks/local-alarms", "/api/healthchecks/node",
    ]
    private static let standingChecks: [RoutePath] = [
        "/api/health/checks/virtual-hosts", "/api/health/checks/node-is-mirror-sync-critical",
        "/api/health/checks/node-is-quorum-critical", "/api/health/checks/certificate-expiration/{within}/{unit}",
        "/api/health/checks/ready-to-serve-clients", "/api/health/checks/is-in-service",
    ]

    private static var fine: Response { JSONResponse(["status": "ok"]).response }

    private static func testAliveness(_ request: ManagementRequest) async throws -> Response {
        try VirtualHostResource.requireVirtualHost(request.path("vhost"), in: request.view)
        let message = Message(exchange: "", routingKey: queue, body: Array("test_message".utf8))
        let isAlive = try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
            try channel.run(.queueDeclare(QueueDeclare(queue: queue)), &broker)
            guard try channel.publish(message, &broker) else { return false }
            guard let tag = try channel.get(queue, most: 1, &broker).first?.method.deliveryTag else { return false }
            try channel.run(.basicAck(BasicAck(deliveryTag: tag)), &broker)
            return true
        }
        return isAlive ? fine : failed("aliveness test message was not delivered", [:])
    }

    private static func alarms(_ request: ManagementRequest) -> Response {
        guard request.view.snapshot.isBlocking else { return fine }
        return failed(
            "There are alarms in effect in the cluster",
            ["alarms": [["node": .string(ManagementView.node), "resource": "memory"]]]
        )
    }

    private static func port(_ request: ManagementRequest) async throws -> Response {
        guard let port = Int(request.path("port")) else { throw ManagementError.badRequest("Invalid port") }
        guard port == request.hub.port, port != 0 else {
            let ports = OverviewResource.listeners(request).compactMap { $0["port"] }
            return failed("No active listener", ["missing": .integer(Int64(port)), "ports": .array(ports)])
        }
        return JSONResponse(["status": "ok", "port": .integer(Int64(port))]).response
    }

    private static func protocols(_ request: ManagementRequest) async throws -> Response {
        let name = request.path("protocol")
        guard ["amqp", "amqp091", "amqp0-9-1"].contains(name), request.hub.port != 0 else {
            return failed(
                "No active listener",
                ["missing": .string(name), "protocols": request.hub.port == 0 ? [] : ["amqp"]]
            )
        }
        return JSONResponse(["status": "ok", "protocol": .string(name)]).response
    }

    private static func failed(_ reason: String, _ details: [String: JSONValue]) -> Response {
        var members = details
        members["status"] = "failed"
        members["reason"] = .string(reason)
        return JSONResponse(.object(members), status: .serviceUnavailable).response
    }
}
