import HubSim
import JSON
import MessageHub
import RabbitMQ
import TestSupport
import Testing

/// Users and what they may do, made and changed over HTTP.
@Suite struct UserTests {
    private static let everything: JSONValue = ["configure": ".*", "write": ".*", "read": ".*"]

    private func canOpen(_ hub: HubUnderTest, _ login: String) async throws -> Bool {
        let url = try HubURL("amqp://\(login)@127.0.0.1:\(hub.hub.port)/%2F")
        do {
            let connection = try await RabbitMQHub(url, .patient("test")).connect()
            await connection.close()
            return true
        } catch {
            return false
        }
    }

    @Test func aUserIsMadeChangedAndRemoved() async throws {
        try await HubUnderTest.with { hub async throws in
            let body: JSONValue = ["password": "p", "tags": "monitoring, policymaker"]
            #expect(try await hub.api("PUT", "users/new", body).status == 201)
            #expect(
                try await hub.api("GET", "users/new").json
                    == ["name": "new", "tags": ["monitoring", "policymaker"], "limits": [:]]
            )
            // It may log in, but nothing more.
            #expect(try await hub.api("GET", "whoami", as: "new:p").json["tags"] == ["monitoring", "policymaker"])
            #expect(try await canOpen(hub, "new:p") == false)
            #expect(try await hub.api("PUT", "permissions/%2F/new", Self.everything).status == 201)
            #expect(try await hub.api("PUT", "permissions/%2F/new", Self.everything).status == 204)
            #expect(try await canOpen(hub, "new:p"))
            #expect(try await hub.api("PUT", "users/new", ["password": "other", "tags": []]).status == 204)
            #expect(try await canOpen(hub, "new:p") == false)
            #expect(try await canOpen(hub, "new:other"))
            #expect(try await hub.api("DELETE", "users/new").status == 204)
            #expect(try await hub.api("DELETE", "users/new").status == 404)
            #expect(try await hub.api("GET", "users?columns=name").json == [["name": "guest"]])
            #expect(try await canOpen(hub, "new:other") == false)
        }
    }

    @Test func whatAUserMayDoChangesOnOpenConnections() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            #expect(try await hub.api("PUT", "users/u", ["password": "u", "tags": ""]).status == 201)
            #expect(try await hub.api("PUT", "permissions/%2F/u", Self.everything).status == 201)
            let url = try HubURL("amqp://u:u@127.0.0.1:\(hub.hub.port)/%2F")
            let connection = try await RabbitMQHub(url, .patient("test")).connect()
            let purge = "queues/%2F/q/contents"
            #expect(try await hub.api("DELETE", purge, as: "u:u").status == 204)
            let nothing: JSONValue = ["configure": "", "write": "", "read": ""]
            #expect(try await hub.api("PUT", "permissions/%2F/u", nothing).status == 204)
            #expect(try await hub.api("DELETE", purge, as: "u:u").status == 401)
            #expect(try await hub.api("DELETE", "users/u").status == 204)
            var told: [String] = []
            for await case .closed(.closed(let text)) in connection.events { told.append(text) }
            #expect(told.count == 1)
            #expect(told.first?.contains("user 'u' is deleted") == true, "\(told)")
            await connection.close()
        }
    }

    @Test func permissionsEndWithTheirVhost() async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(try await hub.api("PUT", "users/u", ["password": "u", "tags": ""]).status == 201)
            #expect(try await hub.api("PUT", "vhosts/v").status == 201)
            #expect(try await hub.api("PUT", "permissions/v/u", Self.everything).status == 201)
            #expect(try await hub.api("DELETE", "vhosts/v").status == 204)
            #expect(try await hub.api("PUT", "vhosts/v").status == 201)
            #expect(try await hub.api("GET", "permissions/v/u").status == 404)
            #expect(try await hub.api("DELETE", "permissions/v/u").status == 404)
        }
    }

    @Test func whatOneMayDoEverywhereStaysElsewhere() async throws {
        var configuration = HubConfiguration()
        configuration.virtualHosts = ["/", "v"]
        try await HubUnderTest.with(configuration) { hub async throws in
            #expect(try await hub.api("DELETE", "permissions/v/guest").status == 204)
            #expect(try await hub.api("GET", "permissions/v/guest").status == 404)
            #expect(try await hub.api("GET", "permissions/%2F/guest").json["write"] == ".*")
        }
    }

    static let mistakes: [(String, JSONValue)] = [
        ("users/u", ["password": "p"]),
        ("users/u", ["tags": 1]),
        ("users/u", ["tags": [1]]),
        ("users/u", ["tags": "", "password": 1]),
        ("users/u", ["tags": "", "password": .string(String(repeating: "p", count: 4097))]),
        ("users/u", ["tags": .string(String(repeating: "t", count: 4097))]),
        ("users/u", ["tags": "", "password_hash": "x"]),
        ("users/u", ["tags": "", "password_hash": "x", "hashing_algorithm": "none"]),
        ("users/\(WireTests.escaped)", ["tags": ""]),
        ("permissions/%2F/guest", ["configure": "", "write": ""]),
        ("permissions/%2F/guest", ["configure": "", "write": "", "read": 1]),
        ("permissions/%2F/guest", ["configure": "", "write": "", "read": "("]),
        ("permissions/%2F/guest", ["configure": "", "write": "", "read": "(a+)+$"]),
        ("permissions/%2F/none", ["configure": "", "write": "", "read": ""]),
    ]

    @Test func mistakesAreToldInRabbitMQsShape() async throws {
        try await HubUnderTest.with { hub async throws in
            for (path, body) in Self.mistakes {
                let answer = try await hub.api("PUT", path, body)
                #expect(answer.status == 400, "\(path) \(body)")
                #expect(answer.json["error"] == "bad_request", "\(path) \(body)")
                #expect(answer.json["reason"] != nil, "\(path) \(body)")
            }
            #expect(hub.hub.users == [.guest])
        }
    }

    @Test func aHashIsAsGoodAsAPassword() async throws {
        try await HubUnderTest.with { hub async throws in
            // RabbitMQ's documentation of its hashing: the salt 908D C60A and the password "test12".
            let hash = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
            #expect(try await hub.api("PUT", "users/h", ["password_hash": .string(hash), "tags": ""]).status == 201)
            #expect(try await hub.api("GET", "whoami", as: "h:test12").status == 200)
            #expect(try await hub.api("GET", "whoami", as: "h:test13").status == 401)
            #expect(try await hub.api("PUT", "users/h", ["tags": ""]).status == 204)
            #expect(try await hub.api("GET", "whoami", as: "h:").status == 401)
        }
    }

    @Test func usersAndVhostsHaveALimit() async throws {
        var configuration = HubConfiguration()
        configuration.limits.usersMax = 2
        configuration.limits.virtualHostsMax = 2
        try await HubUnderTest.with(configuration) { hub async throws in
            for (path, body) in [("users", ["tags": ""]), ("vhosts", [:])] as [(String, JSONValue)] {
                #expect(try await hub.api("PUT", "\(path)/a", body).status == 201)
                #expect(try await hub.api("PUT", "\(path)/a", body).status == 204)
                let full = try await hub.api("PUT", "\(path)/b", body)
                #expect(full.status == 400)
                #expect(full.json["reason"]?.string?.hasSuffix("limit of 2 is reached") == true)
                #expect(try await hub.api("DELETE", "\(path)/a").status == 204)
                #expect(try await hub.api("PUT", "\(path)/b", body).status == 201)
            }
        }
    }

    /// What RabbitMQ keeps to its administrators.
    @Test(arguments: [
        ("GET", "users"), ("GET", "users/guest"), ("PUT", "users/new"), ("DELETE", "users/guest"),
        ("GET", "users/guest/permissions"), ("GET", "permissions"), ("GET", "permissions/%2F/plain"),
        ("PUT", "permissions/%2F/plain"), ("DELETE", "permissions/%2F/guest"), ("GET", "topic-permissions"),
        ("GET", "vhosts/%2F/permissions"), ("GET", "definitions"), ("GET", "definitions/%2F"),
        ("PUT", "vhosts/new"), ("DELETE", "vhosts/%2F"),
    ])
    func othersAreRefused(method: String, path: String) async throws {
        var configuration = HubConfiguration()
        configuration.users = [.guest, HubUser(name: "plain", password: "p", permissions: ["/": .all])]
        try await HubUnderTest.with(configuration) { hub async throws in
            let body: JSONValue? = method == "PUT" ? ["tags": "", "configure": "", "write": "", "read": ""] : nil
            let answer = try await hub.api(method, path, body, as: "plain:p")
            #expect(answer.status == 401)
            #expect(answer.json == ["error": "not_authorised", "reason": "Not administrator user"])
            #expect(hub.hub.users.map(\.name) == ["guest", "plain"])
        }
    }

    /// Two spellings of "é" are two names.
    @Test func aNameInAnotherSpellingIsAnother() async throws {
        var configuration = HubConfiguration()
        configuration.users = [
            .guest, HubUser(name: "\u{E9}", password: "p", tags: ["administrator"], permissions: [:]),
        ]
        try await HubUnderTest.with(configuration) { hub async throws in
            #expect(try await hub.api("PUT", "users/e%CC%81", ["password": "x", "tags": ""]).status == 201)
            #expect(try await hub.api("PUT", "vhosts/v", as: "e\u{301}:x").status == 401)
            #expect(try await hub.api("PUT", "vhosts/v", as: "\u{E9}:p").status == 201)
        }
    }
}
