import HubSim
import JSON
import Testing

@Suite struct FetchingTests {
    private func get(_ count: Int64, truncate: Int64? = nil, mode: String = "ack_requeue_true") -> JSONValue {
        [
            "count": .integer(count), "ackmode": .string(mode), "encoding": "auto",
            "truncate": truncate.map(JSONValue.integer) ?? .null,
        ]
    }

    @Test func moreComesThanOneConnectionIsHandedAtOnce() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let payload = String(repeating: "x", count: 100_000)
            for _ in 0..<20 { #expect(try await hub.publish(payload) == true) }
            let kept = try await hub.api("POST", "queues/%2F/q/get", get(20)).json.array ?? []
            #expect(kept.count == 20)
            let taken = try await hub.api("POST", "queues/%2F/q/get", get(20, mode: "ack_requeue_false"))
            #expect(taken.json.array?.map { $0["redelivered"] } == Array(repeating: true, count: 20))
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 0)
        }
    }

    @Test func anAnswerEndsWithTheMessageThatReachesItsLimit() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let message = Message(exchange: "e", routingKey: "k", body: Array(repeating: 120, count: 6 << 20))
            for _ in 0..<4 { #expect(try hub.hub.insert(message, vhost: "/") == 1) }
            let whole = try await hub.api("POST", "queues/%2F/q/get", get(4)).json.array ?? []
            #expect(whole.count == 3)
            let short = try await hub.api("POST", "queues/%2F/q/get", get(4, truncate: 10)).json.array ?? []
            #expect(short.count == 4)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 4)
        }
    }
}
