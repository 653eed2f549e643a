import HubSim
import JSON
import MessageHub
import RabbitMQ
import TestSupport
import Testing

@Suite struct AccessTests {
    private static let definitions = #"""
        {
          "vhosts": [{"name": "/"}, {"name": "v"}],
          "users": [
            {"name": "boss", "password": "b", "tags": ["administrator"]},
            {"name": "watch", "password": "w", "tags": ["monitoring"]}
          ],
          "permissions": [
            {"user": "boss", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
            {"user": "watch", "vhost": "/", "configure": "^$", "write": "^w", "read": ".*"}
          ],
          "topic_permissions": [
            {"user": "watch", "vhost": "/", "exchange": "amq.topic", "write": "^a", "read": "^b"}
          ],
          "policies": [
            {
              "vhost": "v", "name": "short", "pattern": "^s", "apply-to": "queues", "priority": 3,
              "definition": {"max-length": 2, "overflow": "reject-publish", "dead-letter-routing-key": "d"}
            }
          ]
        }
        """#

    private func configuration() throws -> HubConfiguration {
        var configuration = HubConfiguration()
        configuration.definitions = try Definitions(json: Array(Self.definitions.utf8))
        configuration.users = [.guest, HubUser(name: "open", password: "o")]
        return configuration
    }

    @Test func onlyAdministratorsMakeAndRemoveVhosts() async throws {
        try await HubUnderTest.with(try configuration()) { hub async throws in
            let words: JSONValue = ["error": "not_authorised", "reason": "Not administrator user"]
            for (method, path) in [("PUT", "vhosts/new"), ("DELETE", "vhosts/v"), ("DELETE", "vhosts/none")] {
                let answer = try await hub.api(method, path, as: "watch:w")
                #expect(answer.status == 401)
                #expect(answer.json == words)
            }
            #expect(try await hub.api("GET", "vhosts?columns=name").json == [["name": "/"], ["name": "v"]])
            for login in ["guest:guest", "boss:b", "open:o"] {
                #expect(try await hub.api("PUT", "vhosts/new", as: login).status == 201, "\(login)")
                #expect(try await hub.api("DELETE", "vhosts/new", as: login).status == 204, "\(login)")
            }
        }
    }

    @Test func onlyAdministratorsCloseTheConnectionsOfOthers() async throws {
        try await HubUnderTest.with(try configuration()) { hub async throws in
            var connections: [any HubConnection] = []
            func close(connectionOf user: String, as login: String) async throws -> Int {
                let url = "amqp://\(user)@127.0.0.1:\(hub.hub.port)/%2F"
                connections.append(
                    try await RabbitMQHub(try HubURL(url), .patient("test")).connect()
                )
                let name = user.prefix { $0 != ":" }
                let all = try await hub.api("GET", "connections").json.array ?? []
                let found = all.last { $0["user"] == .string(String(name)) }
                let path = try #require(found?["name"]?.string).replacing(" ", with: "%20").replacing(">", with: "%3E")
                return try await hub.api("DELETE", "connections/\(path)", as: login).status
            }
            #expect(try await close(connectionOf: "boss:b", as: "watch:w") == 401)
            #expect(try await close(connectionOf: "watch:w", as: "watch:w") == 204)
            #expect(try await close(connectionOf: "watch:w", as: "boss:b") == 204)
            #expect(hub.hub.snapshot().connections.map(\.user) == ["boss"])
            for connection in connections { await connection.close() }
        }
    }

    @Test func usersAndWhatTheyMayDoAreTold() async throws {
        try await HubUnderTest.with(try configuration()) { hub async throws in
            let users = try await hub.api("GET", "users?columns=name,tags&sort=name").json
            #expect(
                users == [
                    ["name": "boss", "tags": ["administrator"]], ["name": "guest", "tags": ["administrator"]],
                    ["name": "open", "tags": ["administrator"]], ["name": "watch", "tags": ["monitoring"]],
                ]
            )
            #expect(
                try await hub.api("GET", "whoami", as: "watch:w").json == ["name": "watch", "tags": ["monitoring"]]
            )
            let watch: JSONValue = ["user": "watch", "vhost": "/", "configure": "^$", "write": "^w", "read": ".*"]
            #expect(try await hub.api("GET", "users/watch/permissions").json == [watch])
            #expect(try await hub.api("GET", "permissions/%2F/watch").json == watch)
            #expect(try await hub.api("GET", "permissions/v/watch").status == 404)
            #expect(
                try await hub.api("GET", "permissions/v/open").json
                    == ["user": "open", "vhost": "v", "configure": ".*", "write": ".*", "read": ".*"]
            )
            let topics = try await hub.api("GET", "topic-permissions").json
            #expect(
                topics == [["user": "watch", "vhost": "/", "exchange": "amq.topic", "write": "^a", "read": "^b"]]
            )
            let exported = try await hub.api("GET", "definitions").json
            #expect(exported["topic_permissions"] == topics)
            #expect(exported["permissions"]?.array?.contains(watch) == true)
        }
    }

    @Test func policiesAreTold() async throws {
        try await HubUnderTest.with(try configuration()) { hub async throws in
            var policy: [String: JSONValue] = [
                "vhost": "v", "name": "short", "pattern": "^s", "apply-to": "queues", "priority": 3,
                "definition": ["max-length": 2, "overflow": "reject-publish", "dead-letter-routing-key": "d"],
            ]
            #expect(try await hub.api("GET", "policies").json == [.object(policy)])
            #expect(try await hub.api("GET", "policies/v").json == [.object(policy)])
            #expect(try await hub.api("GET", "policies/%2F").json == [])
            #expect(try await hub.api("GET", "policies/v/short").json == .object(policy))
            #expect(try await hub.api("GET", "policies/v/none").status == 404)
            let exported = try await hub.api("GET", "definitions").json
            #expect(exported["policies"] == [.object(policy)])
            // What is told can be begun with.
            _ = try Definitions(json: exported.encoded())
            policy["vhost"] = nil
            #expect(try await hub.api("GET", "definitions/v").json["policies"] == [.object(policy)])
            #expect(try await hub.api("DELETE", "vhosts/v").status == 204)
            #expect(try await hub.api("GET", "policies").json == [])
        }
    }
}
