import HubSim
import JSON
import MessageHub
import Testing

/// One queue or exchange by its own address is as in the list of all.
@Suite struct PartTests {
    /// Rates are another thing from one second to the next.
    private static func withoutRates(_ json: JSONValue) -> JSONValue {
        guard let members = json.object else { return json }
        return .object(members.filter { !$0.key.hasSuffix("_details") }.mapValues(withoutRates))
    }

    @Test func aQueueAloneIsAsInTheList() async throws {
        try await HubUnderTest.with { hub async throws in
            for name in ["a", "b", "c"] { try await hub.declare(name) }
            #expect(try await hub.publish("x") == true)
            let connections = [try await hub.hub.inProcess().connect(), try await hub.hub.inProcess().connect()]
            // Held until the end, so that they go on.
            var subscriptions: [HubSubscription] = []
            for (connection, queue) in zip(connections, ["c", "b"]) {
                subscriptions.append(try await connection.consume(queue: queue, prefetch: 1))
                #expect(await hub.hub.waitUntil(.unacknowledged(from: queue, atLeast: 1)))
            }
            let list = try await hub.api("GET", "queues").json.array ?? []
            #expect(list.map { $0["name"] } == ["a", "b", "c"])
            for item in list {
                let name = try #require(item["name"]?.string)
                var alone = try #require(try await hub.api("GET", "queues/%2F/\(name)").json.object)
                let consumers = alone.removeValue(forKey: "consumer_details")?.array ?? []
                #expect(consumers.map { $0["queue"]?["name"] } == (name == "a" ? [] : [.string(name)]))
                #expect(consumers.allSatisfy { $0["channel_details"]?["user"] == "guest" })
                #expect(alone.removeValue(forKey: "deliveries") == [])
                #expect(alone.removeValue(forKey: "incoming") == [])
                #expect(Self.withoutRates(.object(alone)) == Self.withoutRates(item))
            }
            #expect(subscriptions.count == 2)
            for connection in connections { await connection.close() }
        }
    }

    @Test func anExchangeAloneIsAsInTheList() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            #expect(try await hub.publish("x") == true)
            let list = try await hub.api("GET", "exchanges/%2F").json.array ?? []
            #expect(list.count == 8)
            for item in list {
                let name = try #require(item["name"]?.string)
                let path = name.isEmpty ? "amq.default" : name
                var alone = try #require(try await hub.api("GET", "exchanges/%2F/\(path)").json.object)
                #expect(alone.removeValue(forKey: "incoming") == [])
                #expect(alone.removeValue(forKey: "outgoing") == [])
                #expect(Self.withoutRates(.object(alone)) == Self.withoutRates(item))
            }
        }
    }

    @Test func theSumsAreThoseOfTheParts() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            #expect(try await hub.api("PUT", "vhosts/v").status == 201)
            #expect(try await hub.api("PUT", "queues/v/other", [:]).status == 201)
            #expect(try await hub.publish("x") == true)
            let connection = try await hub.hub.inProcess().connect()
            let subscription = try await connection.consume(queue: "q", prefetch: 1)
            #expect(await hub.hub.waitUntil(.unacknowledged(from: "q", atLeast: 1)))
            #expect(try await hub.publish("y") == true)
            let overview = try await hub.api("GET", "overview").json
            #expect(
                overview["object_totals"]
                    == ["channels": 1, "connections": 1, "consumers": 1, "exchanges": 15, "queues": 2]
            )
            #expect(overview["queue_totals"]?["messages"] == 2)
            #expect(overview["queue_totals"]?["messages_ready"] == 1)
            let hosts = try await hub.api("GET", "vhosts?columns=name,messages,messages_unacknowledged").json
            #expect(
                hosts == [
                    ["name": "/", "messages": 2, "messages_unacknowledged": 1],
                    ["name": "v", "messages": 0, "messages_unacknowledged": 0],
                ]
            )
            withExtendedLifetime(subscription) {}
            await connection.close()
        }
    }

    @Test func thePolicyThatHoldsIsTold() async throws {
        let json = #"""
            {"policies": [
              {"name": "low", "pattern": "^s", "apply-to": "all", "priority": 1,
               "definition": {"alternate-exchange": "amq.fanout"}},
              {"name": "high", "pattern": "^s", "apply-to": "queues", "priority": 2, "definition": {"max-length": 2}}
            ]}
            """#
        var configuration = HubConfiguration()
        configuration.definitions = try Definitions(json: Array(json.utf8))
        try await HubUnderTest.with(configuration) { hub async throws in
            for name in ["s", "t"] {
                #expect(try await hub.api("PUT", "queues/%2F/\(name)", [:]).status == 201)
                #expect(try await hub.api("PUT", "exchanges/%2F/\(name)", [:]).status == 201)
            }
            let short = try await hub.api("GET", "queues/%2F/s").json
            #expect(short["policy"] == "high")
            #expect(short["effective_policy_definition"] == ["max-length": 2])
            let other = try await hub.api("GET", "queues/%2F/t").json
            #expect(other["policy"] == .null)
            #expect(other["effective_policy_definition"] == [:])
            #expect(try await hub.api("GET", "exchanges/%2F/s").json["policy"] == "low")
            #expect(try await hub.api("GET", "exchanges/%2F/t").json["policy"] == nil)
        }
    }
}
