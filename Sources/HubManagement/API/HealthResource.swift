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
        _ = try request.virtualHost()
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
        guard request.hub.totals().isBlocking else { return fine }
        return failed(
            "There are alarms in effect in the cluster",
            ["alarms": [["node": .string(ManagementView.node), "resource": "memory"]]]
        )
    }

    private static func port(_ request: ManagementRequest) async throws -> Response {
        guard let port = Int(request.path("port")) else { throw ManagementError.badRequest("Invalid port") }
        let ports = OverviewResource.ports(request.hub).map(\.port)
        guard ports.contains(port) else {
            return failed(
                "No active listener",
                ["missing": .integer(Int64(port)), "ports": .array(ports.map { .integer(Int64($0)) })]
            )
        }
        return JSONResponse(["status": "ok", "port": .integer(Int64(port))]).response
    }

    private static func protocols(_ request: ManagementRequest) async throws -> Response {
        let name = request.path("protocol")
        let known = OverviewResource.ports(request.hub).map(\.protocol)
        guard let meant = protocolNames[name], known.contains(meant) else {
            return failed(
                "No active listener",
                ["missing": .string(name), "protocols": .array(known.map(JSONValue.string))]
            )
        }
        return JSONResponse(["status": "ok", "protocol": .string(name)]).response
    }

    /// What the listeners' protocols are called too.
    private static let protocolNames = [
        "amqp": "amqp", "amqp091": "amqp", "amqp0-9-1": "amqp", "amqp/ssl": "amqp/ssl", "amqps": "amqp/ssl",
    ]

    private static func failed(_ reason: String, _ details: [String: JSONValue]) -> Response {
        var members = details
        members["status"] = "failed"
        members["reason"] = .string(reason)
        return JSONResponse(.object(members), status: .serviceUnavailable).response
    }
}
