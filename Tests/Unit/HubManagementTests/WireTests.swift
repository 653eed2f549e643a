import HubSim
import JSON
import Testing

/// What no frame can carry does not come in over HTTP.
@Suite struct WireTests {
    /// 256 octets, though only 128 characters.
    static let long = String(repeating: "ü", count: 128)
    static let escaped = String(repeating: "%C3%BC", count: 128)

    static let deep: JSONValue = (0..<20).reduce(JSONValue.integer(1)) { inner, _ in ["x": inner] }
    static let requests: [(String, String, JSONValue)] = [
        ("PUT", "queues/%2F/\(escaped)", [:]),
        ("PUT", "exchanges/%2F/\(escaped)", ["type": "direct"]),
        ("PUT", "vhosts/\(escaped)", [:]),
        ("PUT", "queues/%2F/q2", ["arguments": ["x": [.string("e"), .object([long: 1])]]]),
        ("PUT", "queues/%2F/q2", ["arguments": ["x": .object([long: 1])]]),
        ("PUT", "queues/%2F/q2", ["arguments": deep]),
        ("POST", "bindings/%2F/e/e/q/q", ["routing_key": .string(long)]),
        ("POST", "bindings/%2F/e/e/q/q", ["routing_key": "k", "arguments": .object([long: 1])]),
        ("POST", "exchanges/%2F/e/publish", publish(["headers": .object([long: 1])])),
        ("POST", "exchanges/%2F/e/publish", publish(["headers": ["x": ["y": .object([long: 1])]]])),
        ("POST", "exchanges/%2F/e/publish", publish(["headers": deep])),
        ("POST", "exchanges/%2F/e/publish", publish(["message_id": .string(long)])),
        ("POST", "exchanges/%2F/e/publish", publish([:], key: long)),
    ]

    private static func publish(_ properties: JSONValue, key: String = "k") -> JSONValue {
        [
            "routing_key": .string(key), "payload": "", "payload_encoding": "string", "properties": properties,
        ]
    }

    @Test func theManagementAPIRefusesThem() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            for (method, path, body) in Self.requests {
                let answer = try await hub.api(method, path, body)
                #expect(answer.status == 400, "\(method) \(path)")
                #expect(answer.json["error"] == "bad_request", "\(method) \(path)")
            }
            #expect(hub.hub.snapshot().queues.map(\.name) == ["q"])
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 0)
            let fits = String(repeating: "a", count: 255)
            #expect(try await hub.api("PUT", "queues/%2F/\(fits)", [:]).status == 201)
        }
    }

    @Test(
        arguments: [
            ["routing_key": .string(long)], ["exchange": .string(long)], ["vhost": .string(long)],
            ["properties": ["headers": ["x": .object([long: 1])]]],
        ] as [JSONValue]
    )
    func publishingFromBehindRefusesThem(body: JSONValue) async throws {
        try await HubUnderTest.with { hub async throws in
            var members = body.object ?? [:]
            for key in ["exchange", "routing_key", "payload"] where members[key] == nil { members[key] = "" }
            let answer = try await hub.send("POST", "/_sim/hub/publish", .object(members))
            #expect(answer.status == 422)
            #expect(answer.json["error"]?["details"]?["errors"]?.array?.count == 1)
        }
    }

    @Test(arguments: [
        (
            #"{"policies": [{"name": "p", "pattern": "", "definition": {"dead-letter-routing-key": "LONG"}}]}"#,
            "policies[0].definition.dead-letter-routing-key"
        ),
        (
            #"{"queues": [{"name": "q", "arguments": {"x": [{"LONG": 1}]}}]}"#, "queues[0].arguments"
        ),
        (#"{"queues": [{"name": "LONG"}]}"#, "queues[0].name"),
    ])
    func definitionsWithThemAreRefused(json: String, path: String) {
        let bytes = Array(json.replacing("LONG", with: Self.long).utf8)
        let problems = #expect(throws: InvalidFields.self) { try Definitions(json: bytes) }?.problems ?? []
        #expect(problems.map(\.path) == [path])
    }
}
