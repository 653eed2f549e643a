import FaultPlan
import Foundation
import HubManagement
import HubSim
import JSON
import Logging
import MessageHub
import TestSupport
import Testing

/// A hub with its admin interface, and who asks it.
struct HubUnderTest: Sendable {
    let hub: HubSim
    let client: ServiceClient

    static func with(
        _ configuration: HubConfiguration = HubConfiguration(),
        clock: VirtualClock? = nil,
        _ body: @escaping @Sendable (HubUnderTest) async throws -> Void
    ) async throws {
        var configuration = configuration
        if let clock { configuration.time = clock.timeSource() }
        let hub = try await HubSim.start(configuration)
        let admin = HubAdmin(
            hub: hub,
            host: "127.0.0.1",
            port: 0,
            faults: hub.faultNamespaces(),
            clock: clock,
            logger: .silent
        )
        try await running(admin.services) {
            try await body(HubUnderTest(hub: hub, client: ServiceClient(try await admin.boundURL())))
        }
        await hub.shutdown()
    }

    /// Asks the management API.
    /// - Parameter login: name and password, with a colon between them.
    func api(
        _ method: String,
        _ path: String,
        _ json: JSONValue? = nil,
        headers: [(String, String)] = [],
        as login: String = "guest:guest"
    ) async throws -> ServiceClient.Answer {
        let login = [("Authorization", "Basic " + Data(login.utf8).base64EncodedString())]
        return try await send(method, "/api/" + path, json, headers: login + headers)
    }

    func send(
        _ method: String,
        _ path: String,
        _ json: JSONValue? = nil,
        headers: [(String, String)] = []
    ) async throws -> ServiceClient.Answer {
        let type = json == nil ? [] : [("Content-Type", "application/json")]
        return try await client.send(method, path, headers: type + headers, body: json?.encoded())
    }

    /// Declares a queue and an exchange `e`, bound by `k`.
    func declare(_ queue: String) async throws {
        #expect(try await api("PUT", "queues/%2F/\(queue)", ["durable": false]).status == 201)
        let exchange = try await api("PUT", "exchanges/%2F/e", ["type": "topic"])
        #expect([201, 204].contains(exchange.status))
        #expect(try await api("POST", "bindings/%2F/e/e/q/\(queue)", ["routing_key": "k"]).status == 201)
    }

    func publish(_ payload: String, key: String = "k") async throws -> JSONValue? {
        let answer = try await api(
            "POST",
            "exchanges/%2F/e/publish",
            [
                "routing_key": .string(key), "payload": .string(payload), "payload_encoding": "string",
                "properties": ["message_id": "m", "headers": ["h": 1]],
            ]
        )
        return answer.json["routed"]
    }
}
