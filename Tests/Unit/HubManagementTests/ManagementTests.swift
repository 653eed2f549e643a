import Foundation
import HubSim
import JSON
import MessageHub
import RabbitMQ
import TestSupport
import Testing

@Suite struct ManagementTests {
    @Test func onlyTheHubsUsersAreLetIn() async throws {
        try await HubUnderTest.with { hub async throws in
            let nobody = try await hub.send("GET", "/api/overview")
            #expect(nobody.status == 401)
            #expect(nobody.headers["www-authenticate"]?.hasPrefix("Basic ") == true)
            #expect(nobody.json["error"] == "not_authorised")
            let wrong = Data("guest:no".utf8).base64EncodedString()
            #expect(
                try await hub.send("GET", "/api/overview", headers: [("Authorization", "Basic \(wrong)")]).status == 401
            )
            #expect(try await hub.api("GET", "whoami").json["name"] == "guest")
        }
    }

    @Test func whatIsNotThereIsToldInRabbitMQsWords() async throws {
        try await HubUnderTest.with { hub async throws in
            let words: JSONValue = ["error": "Object Not Found", "reason": "Not Found"]
            for path in [
                "nope", "queues/%2F/nope", "queues/nope", "exchanges/%2F/nope", "connections/nope", "vhosts/x",
            ] {
                let answer = try await hub.api("GET", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.json == words, "\(path)")
            }
        }
    }

    @Test func whatCannotBeDoneIsToldInTheSameShape() async throws {
        try await HubUnderTest.with { hub async throws in
            let answer = try await hub.api("PUT", "policies/%2F/p", ["pattern": "", "definition": [:]])
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS")
            #expect(answer.json == ["error": "method_not_allowed", "reason": "only GET, HEAD, OPTIONS"])
            let malformed = try await hub.api("GET", "queues?name=%FF")
            #expect(malformed.status == 400)
            #expect(malformed.json["error"] == "bad_request")
            #expect(malformed.json["reason"]?.string?.isEmpty == false)
        }
    }

    @Test func messagesArePublishedFetchedAndPurged() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            #expect(try await hub.publish("one") == true)
            #expect(try await hub.publish("two") == true)
            #expect(try await hub.publish("lost", key: "nowhere") == false)
            let get: JSONValue = ["count": 5, "ackmode": "ack_requeue_true", "encoding": "auto", "truncate": 2]
            let kept = try await hub.api("POST", "queues/%2F/q/get", get).json.array ?? []
            #expect(kept.map { $0["payload"] } == ["on", "tw"])
            #expect(kept.first?["redelivered"] == false)
            #expect(kept.first?["properties"] == ["message_id": "m", "headers": ["h": 1]])
            #expect(kept.first?["message_count"] == 1)
            let take: JSONValue = ["count": 1, "ackmode": "ack_requeue_false", "encoding": "base64"]
            let taken = try await hub.api("POST", "queues/%2F/q/get", take).json.array ?? []
            #expect(taken.map { $0["payload"] } == ["b25l"])
            #expect(taken.first?["redelivered"] == true)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 1)
            #expect(try await hub.api("DELETE", "queues/%2F/q/contents").status == 204)
            #expect(hub.hub.snapshot().queue("q")?.readyCount == 0)
            #expect(hub.hub.snapshot().connections.isEmpty)
        }
    }

    @Test func declaringTwiceIsNoErrorAndDifferentlyIsOne() async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(try await hub.api("PUT", "queues/%2F/q", [:]).status == 201)
            #expect(try await hub.api("PUT", "queues/%2F/q", [:]).status == 204)
            let other = try await hub.api("PUT", "queues/%2F/q", ["auto_delete": true])
            #expect(other.status == 400)
            #expect(
                other.json["reason"]
                    == "inequivalent arg 'auto_delete' for queue 'q' in vhost '/': received 'true' but current is 'false'"
            )
            #expect(try await hub.api("PUT", "queues/%2F/amq.q", [:]).status == 401)
            #expect(try await hub.api("PUT", "exchanges/%2F/x", ["type": "zzz"]).status == 400)
            #expect(try await hub.api("PUT", "queues/none/q", [:]).json["reason"] == "vhost_not_found")
            // What was refused to the manager is no client's channel.
            #expect(hub.hub.snapshot().counters.channelsClosed.isEmpty)
        }
    }

    @Test func bindingsAreFoundByTheirPropertiesKey() async throws {
        try await HubUnderTest.with { hub async throws in
            try await hub.declare("q")
            let body: JSONValue = ["routing_key": "a/ü~", "arguments": ["x": 1]]
            let bound = try await hub.api("POST", "bindings/%2F/e/e/q/q", body)
            #expect(bound.status == 201)
            let all = try await hub.api("GET", "bindings/%2F/e/e/q/q").json.array ?? []
            #expect(all.count == 2)
            let key = try #require(all.first { $0["routing_key"] == "a/ü~" }?["properties_key"]?.string)
            let location = try #require(bound.headers["location"])
            let escaped = key.replacingOccurrences(of: "%", with: "%25")
            #expect(location == "q/\(escaped)")
            #expect(
                try await hub.api("GET", "bindings/%2F/e/e/\(location.replacingOccurrences(of: "q/", with: "q/q/"))")
                    .status == 200
            )
            #expect(try await hub.api("DELETE", "bindings/%2F/e/e/q/q/\(escaped)").status == 204)
            #expect(try await hub.api("DELETE", "bindings/%2F/e/e/q/q/\(escaped)").status == 404)
            #expect(hub.hub.snapshot().bindings.count == 1)
        }
    }

    @Test func aConnectionIsClosedWithItsReason() async throws {
        try await HubUnderTest.with { hub async throws in
            let connection = try await RabbitMQHub(try HubURL(hub.hub.url), .patient("test"))
                .connect()
            let name = try #require(try await hub.api("GET", "connections").json.array?.first?["name"]?.string)
            let escaped = name.replacingOccurrences(of: " ", with: "%20").replacingOccurrences(of: ">", with: "%3E")
            #expect(try await hub.api("GET", "connections/\(escaped)").json["type"] == "network")
            let closed = try await hub.api("DELETE", "connections/\(escaped)", headers: [("X-Reason", "for the test")])
            #expect(closed.status == 204)
            #expect(await hub.hub.waitUntil(.connectionClosed(code: 320)))
            #expect(hub.hub.snapshot().connections.isEmpty)
            await connection.close()
        }
    }

    @Test func listsAreSortedCutAndReduced() async throws {
        try await HubUnderTest.with { hub async throws in
            for name in ["b", "a", "c1", "c2"] { _ = try await hub.api("PUT", "queues/%2F/\(name)", [:]) }
            let names = try await hub.api("GET", "queues?columns=name&sort=name&sort_reverse=true").json
            #expect(names == [["name": "c2"], ["name": "c1"], ["name": "b"], ["name": "a"]])
            let page = try await hub.api("GET", "queues?page=2&page_size=3&columns=name").json
            #expect(page["items"] == [["name": "c2"]])
            #expect(page["total_count"] == 4)
            #expect(page["page_count"] == 2)
            let found = try await hub.api("GET", "queues?page=1&name=c.&use_regex=true&columns=name").json
            #expect(found["filtered_count"] == 2)
            #expect(try await hub.api("GET", "queues?page=9&page_size=1").json["error"] == "page_out_of_range")
            #expect(try await hub.api("GET", "queues?page=0").status == 400)
            #expect(try await hub.api("GET", "queues?page=1&use_regex=true&name=(").status == 400)
        }
    }

    @Test func vhostsComeAndGoWithWhatIsInThem() async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(try await hub.api("PUT", "vhosts/v").status == 201)
            #expect(try await hub.api("PUT", "vhosts/v", [:]).status == 204)
            #expect(try await hub.api("PUT", "queues/v/q", [:]).status == 201)
            #expect(try await hub.api("GET", "queues/v").json.array?.count == 1)
            #expect(try await hub.api("GET", "aliveness-test/v").json == ["status": "ok"])
            #expect(try await hub.api("DELETE", "vhosts/v").status == 204)
            #expect(try await hub.api("DELETE", "vhosts/v").status == 404)
            #expect(hub.hub.snapshot().queue("q", vhost: "v") == nil)
        }
    }

    @Test(arguments: [
        "overview", "nodes", "vhosts", "users", "permissions", "connections", "channels", "consumers", "exchanges",
        "exchanges/%2F", "queues", "queues/%2F", "bindings", "bindings/%2F", "definitions", "definitions/%2F",
        "parameters", "policies", "health/checks/alarms", "health/checks/local-alarms", "aliveness-test/%2F",
    ])
    func everyListAnswers(path: String) async throws {
        try await HubUnderTest.with { hub async throws in
            #expect(try await hub.api("GET", path).status == 200)
        }
    }
}
