import HubSim
import JSON
import MessageHub
import RabbitMQ
import TestSupport
import Testing

@Suite struct InsideTests {
    @Test func waitingEndsWhenTheConditionHolds() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            async let answer = hub.send(
                "POST",
                "/_sim/hub/wait",
                ["condition": ["published": ["queue": "q", "at_least": 2]], "wait_ms": 60000]
            )
            _ = try await hub.publish("one")
            _ = try await hub.publish("two")
            let held = try await answer.json
            #expect(held == ["holds": true])
            let bound = try await hub.send(
                "GET",
                "/_sim/hub/wait?condition=bound&queue=q&exchange=e&routing_key=k&wait_ms=60000"
            )
            #expect(bound.status == 200)
        }
    }

    @Test func waitingInVainTellsWhatThereIsInstead() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let answer = try await hub.send("GET", "/_sim/hub/wait?condition=consumers&queue=q&wait_ms=10")
            #expect(answer.status == 504)
            #expect(answer.errorCode == "CONDITION_NOT_MET")
            #expect(answer.json["error"]?["details"]?["queue"]?["consumers"] == 0)
        }
    }

    @Test(arguments: [
        ("condition=consumers", "queue"), ("condition=nope&queue=q", "condition"), ("queue=q", "condition"),
        ("condition=ready&queue=q&at_least=x", "at_least"), ("condition=channel_closed", "code"),
        ("condition=connections&connections=7", "connections"), ("condition=ready&queue=q&at_lest=1000", "at_lest"),
        ("condition=consumer&queue=q", "tag"), ("condition=queue&queue=", "queue"),
        ("condition=queue&queue=q&wait_ms=x", "wait_ms"),
    ])
    func badConditionsAreRefused(query: String, place: String) async throws {
        try await HubUnderTest.with { hub async throws in
            let answer = try await hub.send("GET", "/_sim/hub/wait?\(query)")
            #expect(answer.status == 422)
            let places = answer.json["error"]?["details"]?["errors"]?.array?.map { $0["loc"] }
            #expect(places == [["query", .string(place)]])
        }
    }

    @Test(
        arguments: [
            ["condition": ["queue": "q"], "bogus": 1], ["condition": ["ready": ["queue": "q", "at_lest": 5]]],
        ] as [JSONValue]
    )
    func slipsOfThePenAreRefused(body: JSONValue) async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            #expect(try await hub.send("POST", "/_sim/hub/wait", body).status == 422)
        }
    }

    @Test(
        arguments: [
            (["queue": "q"], true), (["queue": ["queue": "nope"]], false), (["exchange": "e"], true),
            (["empty": "q"], true), (["ready": ["queue": "q"]], false), (["connections": 0], true),
            (["connection": "nobody"], false), (["returned": [:]], false),
            (["unacknowledged": ["queue": "q", "at_least": 0]], true),
            (["ready": ["queue": "nope", "at_least": 0]], true), (["ready": ["queue": "nope"]], false),
            (["consumers": ["queue": "nope", "at_least": 0]], true),
            (["consumer": ["queue": "q", "tag": "t"]], false), (["channel_closed": ["code": 404]], false),
        ] as [(JSONValue, Bool)]
    )
    func everyConditionIsRead(condition: JSONValue, holds: Bool) async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let answer = try await hub.send("POST", "/_sim/hub/wait", ["condition": condition, "wait_ms": 5])
            #expect(answer.status == (holds ? 200 : 504))
        }
    }

    @Test func messagesAreLookedAtWhereTheyLie() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            _ = try await hub.publish("one")
            let connection = try await RabbitMQHub(try HubURL(hub.hub.url), .patient("test"))
                .connect()
            let deliveries = try await connection.consume(queue: "q", prefetch: 1)
            #expect(await hub.hub.waitUntil(.unacknowledged(from: "q", atLeast: 1)))
            _ = try await hub.publish("two")
            let ready = try await hub.send("GET", "/_sim/hub/queues/%2F/q/messages").json["messages"]?.array ?? []
            #expect(ready.map { $0["payload"] } == ["two"])
            let held = try await hub.send("GET", "/_sim/hub/queues/%2F/q/unacked").json["messages"]?.array ?? []
            #expect(held.map { $0["payload"] } == ["one"])
            #expect(held.first?["holder"]?["delivery_tag"] == 1)
            #expect(try await hub.send("GET", "/_sim/hub/queues/%2F/nope/messages").status == 404)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 1)
            _ = deliveries
            await connection.close()
        }
    }

    @Test func publishingFromBehindNeedsNoLogin() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let message: JSONValue = [
                "exchange": "e", "routing_key": "k", "payload": "//4=", "payload_encoding": "base64",
            ]
            #expect(try await hub.send("POST", "/_sim/hub/publish", message).json == ["queues": 1])
            #expect(hub.hub.messages(in: "q").first?.body == [0xFF, 0xFE])
            let nowhere = try await hub.send(
                "POST",
                "/_sim/hub/publish",
                ["exchange": "nope", "routing_key": "", "payload": ""]
            )
            #expect(nowhere.status == 409)
            #expect(nowhere.json["error"]?["details"]?["reply_code"] == 404)
        }
    }

    @Test func publishingFromBehindMustSayWhatAndWhere() async throws {
        try await HubUnderTest.with { hub async throws in
            let answer = try await hub.send("POST", "/_sim/hub/publish", [:])
            #expect(answer.status == 422)
            let places = answer.json["error"]?["details"]?["errors"]?.array?.map { $0["loc"] }
            #expect(places == [["body", "exchange"], ["body", "routing_key"], ["body", "payload"]])
        }
    }

    /// A client that says of every request that it is JSON, also of one without a body.
    @Test func idleMayBeLookedForWithoutABody() async throws {
        try await HubUnderTest.with(clock: VirtualClock()) { hub async throws in
            let type = [("Content-Type", "application/json")]
            let path = "/_sim/hub/clock/run_until_idle"
            #expect(try await hub.client.send("POST", path, headers: type).status == 200)
            #expect(try await hub.send("POST", path, [:]).status == 200)
            #expect(try await hub.send("POST", path, ["max": 1]).status == 422)
            #expect(try await hub.send("POST", path, []).status == 422)
        }
    }

    @Test func aVirtualClockIsTurnedOverHTTP() async throws {
        try await HubUnderTest.with(clock: VirtualClock()) { hub async throws in
            _ = try await hub.api("PUT", "queues/%2F/q", ["arguments": ["x-message-ttl": 60000]])
            let message: JSONValue = ["exchange": "", "routing_key": "q", "payload": "x"]
            _ = try await hub.send("POST", "/_sim/hub/publish", message)
            #expect(try await hub.send("POST", "/_sim/hub/clock/advance", ["ms": 59000]).json["now_ms"] == 59000)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 1)
            #expect(try await hub.send("POST", "/_sim/hub/clock/run_until_idle").status == 200)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 0)
        }
    }

    @Test func theRealClockIsNotTurned() async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(try await hub.send("GET", "/_sim/hub/clock").json == ["virtual": false])
            #expect(try await hub.send("POST", "/_sim/hub/clock/advance", ["ms": 1]).errorCode == "REAL_CLOCK")
        }
    }

    @Test func resetLeavesAnEmptyHub() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let connection = try await RabbitMQHub(try HubURL(hub.hub.url), .patient("test"))
                .connect()
            #expect(try await hub.send("POST", "/_sim/reset").status == 204)
            let snapshot = hub.hub.snapshot()
            #expect(snapshot.queues.isEmpty)
            #expect(snapshot.bindings.isEmpty)
            #expect(snapshot.connections.isEmpty)
            #expect(snapshot.exchanges.count == 7)
            await connection.close()
        }
    }

    @Test func metricsBearRabbitMQsNames() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            _ = try await hub.publish("one")
            let answer = try await hub.send("GET", "/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
            #expect(lines.contains("rabbitmq_queue_messages_ready{vhost=\"/\",queue=\"q\"} 1"))
            #expect(lines.contains("rabbitmq_global_messages_received_total{protocol=\"amqp091\"} 1"))
            #expect(lines.contains("# TYPE rabbitmq_connections gauge"))
            #expect(lines.contains("rabbitmq_connections 0"))
        }
    }

    @Test func thePageBringsAllItNeeds() async throws {
        try await HubUnderTest.with { hub async throws in
            let page = try await hub.send("GET", "/")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(
                page.headers["content-security-policy"]?.contains("script-src 'sha256-") == true
            )
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(!text.contains("https://"))
            #expect(!text.contains("/*SCRIPT*/"))
            try await hub.declare("q")
            let view = try await hub.send("GET", "/_sim/hub/view").json
            #expect(view["queues"]?.array?.first?["name"] == "q")
            #expect(view["totals"]?["queues"] == 1)
        }
    }
}
