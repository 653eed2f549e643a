import HubSim
import JSON
import MessageHub
import Testing

@Suite struct ListenerTests {
    @Test func bothListenersAreTold() async throws {
        var configuration = HubConfiguration()
        configuration.tls = HubTLS()
        try await HubUnderTest.with(configuration) { hub async throws in
            let listeners = try await hub.api("GET", "overview").json["listeners"]?.array ?? []
            #expect(listeners.map { $0["protocol"] } == ["amqp", "amqp/ssl"])
            #expect(
                listeners.map { $0["port"] } == [.integer(Int64(hub.hub.port)), .integer(Int64(hub.hub.tlsPort))]
            )
            for check in ["port-listener/\(hub.hub.tlsPort)", "protocol-listener/amqps", "protocol-listener/amqp"] {
                #expect(try await hub.api("GET", "health/checks/\(check)").status == 200, "\(check)")
            }
        }
    }

    @Test func withoutTLSThereIsOne() async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(
                try await hub.api("GET", "overview").json["listeners"]?.array?.map { $0["protocol"] } == ["amqp"]
            )
            let answer = try await hub.api("GET", "health/checks/protocol-listener/amqps")
            #expect(answer.status == 503)
            #expect(answer.json["protocols"] == ["amqp"])
        }
    }

    @Test(arguments: [(nil, "Closed via management plugin"), ("for the test", "for the test")] as [(String?, String)])
    func bothWaysToCloseAConnectionGiveTheSameReason(header: String?, reason: String) async throws {
        try await HubUnderTest.with { hub async throws in
            let headers = header.map { [("X-Reason", $0)] } ?? []
            for isPage in [true, false] {
                let connection = try await hub.hub.inProcess().connect()
                let id = try #require(hub.hub.snapshot().connections.first?.id)
                let answer =
                    isPage
                    ? try await hub.send("DELETE", "/_sim/hub/connections/\(id)", headers: headers)
                    : try await hub.api("DELETE", "connections/%3Cin-process.\(id)%3E", headers: headers)
                #expect(answer.status == 204)
                var told: [String] = []
                for await case .closed(.closed(let text)) in connection.events { told.append(text) }
                #expect(told.count == 1)
                #expect(told.first?.contains("CONNECTION_FORCED - \(reason)") == true, "\(told)")
                await connection.close()
            }
        }
    }
}
