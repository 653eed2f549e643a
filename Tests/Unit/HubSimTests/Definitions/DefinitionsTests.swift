import AMQP
import Foundation
import JSON
import MessageHub
import RabbitMQ
import TestSupport
import Testing

@testable import HubSim

@Suite("Definitions", .timeLimit(.minutes(5)))
struct DefinitionsTests {
    private static func exported(_ here: String = #filePath) throws -> [UInt8] {
        var folder = URL(filePath: here)
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        return Array(try Data(contentsOf: folder.appending(path: "fixtures/hubsim/definitions/rabbitmq-3.10.8.json")))
    }

    private static func broker(_ json: String) throws -> BrokerUnderTest {
        let definitions = try Definitions(json: Array(json.utf8))
        return BrokerUnderTest {
            $0.virtualHosts = definitions.virtualHosts.isEmpty ? ["/"] : definitions.virtualHosts
            $0.definitions = definitions
        }
    }

    @Test(
        .keeps(
            .access,
            "an export of RabbitMQ's definitions gives its users, permissions, vhosts, exchanges, queues, bindings and policies"
        )
    ) func anExportOfRabbitMQ() async throws {
        var configuration = HubConfiguration.forTests
        configuration.definitions = try Definitions(json: try Self.exported())
        #expect(configuration.definitions?.ignored == [])
        let hub = try await HubSim.start(configuration)
        // Nobody may open the first vhost, and of the password only the hash is known.
        #expect(hub.url == "amqp://lim@127.0.0.1:\(hub.port)/%2F")
        let snapshot = hub.snapshot()
        #expect(snapshot.queues.map(\.name) == ["my-q", "pol.a", "q-other", "r-q", "w-q"])
        #expect(snapshot.queue("pol.a")?.arguments == ["x-max-priority": .int64(4), "x-message-ttl": .int64(5000)])
        #expect(snapshot.queue("pol.a")?.isDurable == true)
        #expect(
            snapshot.exchanges.filter { $0.vhost == "/" && !$0.name.hasPrefix("amq.") && !$0.name.isEmpty }
                .map { "\($0.name) \($0.kind)" }
                == ["e-other direct", "my-e topic", "px.h headers", "r-e fanout", "w-e direct"]
        )
        #expect(
            Set(snapshot.bindings.map { "\($0.source) \($0.routingKey) \($0.destination)" })
                == ["my-e a.# pol.a", "my-e b.c my-q", "px.h  my-q", "r-e key my-e"]
        )

        let lim = try await connect(hub, "lim", "limpw", "/")
        let wrong = await #expect(throws: HubError.self) { _ = try await connect(hub, "lim", "wrong", "/") }
        #expect(wrong?.description.contains("403") == true, "\(String(describing: wrong))")
        for (user, password, vhost) in [("lim", "limpw", "other"), ("tagless", "tp", "/"), ("guest", "guest", "other")]
        {
            let refused = await #expect(throws: HubError.self) { _ = try await connect(hub, user, password, vhost) }
            #expect(
                refused?.description.contains("access to vhost '\(vhost)' refused for user '\(user)'") == true,
                "\(String(describing: refused))"
            )
        }
        await lim.close()
        await hub.shutdown()
    }

    private func connect(
        _ hub: HubSim,
        _ user: String,
        _ password: String,
        _ vhost: String
    ) async throws -> any HubConnection {
        let path = vhost == "/" ? "%2F" : vhost
        let url = try HubURL("amqp://\(user):\(password)@127.0.0.1:\(hub.port)/\(path)")
        return try await RabbitMQHub(url, .patient("definitions")).connect()
    }

    @Test func definitionsStandInsteadOfWhatANewNodeHas() throws {
        let text = #"{"users": [{"name": "u", "password": "p"}], "vhosts": [{"name": "v"}]}"#
        var configuration = HubConfiguration()
        configuration.definitions = try Definitions(json: Array(text.utf8))
        #expect(configuration.withDefinitions().users.map(\.name) == ["u"])
        #expect(configuration.withDefinitions().virtualHosts == ["v"])
        configuration.users = [HubUser(name: "own", password: "x"), HubUser(name: "u", password: "y")]
        configuration.virtualHosts = ["w", "v"]
        #expect(configuration.withDefinitions().users.map { "\($0.name):\($0.password)" } == ["own:x", "u:p"])
        #expect(configuration.withDefinitions().virtualHosts == ["w", "v"])
    }

    @Test(
        arguments: [
            ("[]", "definitions must be a JSON object, not array"),
            ("{", "definitions are no JSON: "),
            (#"{"queues": 1}"#, "queues must be an array, not number"),
            (#"{"queues": [1]}"#, "queues[0] must be an object, not number"),
            (#"{"queues": [{}]}"#, "queues[0].name is missing"),
            (#"{"queues": [{"name": "q", "durable": 1}]}"#, "queues[0].durable must be a boolean, not number"),
            (
                #"{"queues": [{"name": "a"}, {"name": "q", "arguments": {"x-max-length": "1"}}]}"#,
                "queues[1] cannot be declared: invalid arg 'x-max-length' for queue 'q' in vhost '/'"
            ),
            (#"{"queues": [{"name": "q"}, {"name": "q"}]}"#, "queues[1] is there already"),
            (#"{"vhosts": [{"name": "/"}], "queues": [{"name": "q", "vhost": "v"}]}"#, "queues[0].vhost is 'v'"),
            (#"{"exchanges": [{"name": "e", "type": "x-delayed"}]}"#, "exchanges[0].type is 'x-delayed'"),
            (#"{"exchanges": [{"name": "amq.x", "type": "topic"}]}"#, "exchanges[0] has a name with the reserved"),
            (
                #"{"bindings": [{"source": "amq.topic", "destination": "q", "destination_type": "queue"}]}"#,
                "bindings[0] has a destination that is not there: 'q'"
            ),
            (#"{"users": [{"name": "u", "password_hash": "AAAA"}]}"#, "users[0].password_hash is no Base64"),
            (#"{"users": [{"name": "u", "hashing_algorithm": "x"}]}"#, "users[0].hashing_algorithm must be one of"),
            (#"{"users": [{"name": "u", "tags": [1]}]}"#, "users[0].tags must be an array of strings"),
            (
                #"{"permissions": [{"user": "u", "configure": "", "write": "", "read": ""}]}"#,
                "permissions[0].user is 'u', which is not among the users"
            ),
            (
                #"{"users": [{"name": "u"}], "permissions": [{"user": "u", "configure": "(", "write": "", "read": ""}]}"#,
                "permissions[0].configure is no regular expression"
            ),
            (
                #"{"policies": [{"name": "p", "pattern": "", "definition": {"max-length": -1}}]}"#,
                "policies[0].definition.max-length must be at least 0"
            ),
            (
                #"{"policies": [{"name": "p", "pattern": "", "definition": {"overflow": "x"}}]}"#,
                "policies[0].definition.overflow must be drop-head"
            ),
            (
                #"{"policies": [{"name": "p", "pattern": "", "apply-to": "x", "definition": {}}]}"#,
                "policies[0].apply-to must be one of"
            ),
        ] as [(String, String)]
    )
    func mistakesAreNamedByTheirPath(_ json: String, _ message: String) {
        let error = #expect(throws: InvalidFields.self) { try Definitions(json: Array(json.utf8)) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func whatIsNotKnownIsListed() throws {
        let definitions = try Definitions(
            json: Array(
                #"""
                {"parameters": [{"component": "shovel"}], "vhosts": [{"name": "/", "limits": {"max-queues": 1}}],
                 "queues": [{"name": "q", "x": 1}],
                 "policies": [{"name": "p", "pattern": "", "definition": {"ha-mode": "all", "max-length": 1}}]}
                """#.utf8
            )
        )
        #expect(
            definitions.ignored == [
                "parameters", "vhosts[0].limits", "policies[0].definition.ha-mode", "queues[0].x",
            ]
        )
    }

    @Test(
        .keeps(
            .limits,
            "of a policy and an argument of the same meaning the smaller number counts, and the argument else"
        )
    ) func aPolicyHoldsBesideArguments() throws {
        // As RabbitMQ 3.10.8 does it: the least of two limits, and of other things the queue's own.
        let broker = try Self.broker(
            #"""
            {"policies": [{"name": "low", "pattern": "pol", "priority": 0, "definition": {"max-length": 1}},
              {"name": "high", "pattern": "^pol\\.", "priority": 3, "apply-to": "queues", "definition":
               {"message-ttl": 1000, "max-length": 5, "overflow": "reject-publish"}}]}
            """#
        )
        let a = try broker.connect()
        a.declare("pol.b", ["x-max-length": .int32(2)])
        a.declare("pol.c", ["x-max-length": .int32(50), "x-overflow": "drop-head"])
        a.declare("pol.d", ["x-message-ttl": .int32(100_000)])
        a.declare("xpol")
        a.send(.confirmSelect(ConfirmSelect()))
        for (queue, accepted, held) in [("pol.b", 2, 2), ("pol.c", 8, 5), ("pol.d", 5, 5), ("xpol", 8, 1)] {
            let lines = (1...8).flatMap { a.publish("\($0)", queue) }
            #expect(lines.count { $0.contains("confirm") } == accepted, "\(queue): \(lines)")
            #expect(broker.snapshot.queue(queue)?.readyCount == held, "\(queue)")
        }
        _ = broker.pass(milliseconds: 1000)
        #expect(broker.snapshot.queues.map(\.readyCount) == [0, 0, 0, 1])
    }

    @Test(.keeps(.limits, "policies dead-letter and expire as arguments do")) func aPolicyDeadLettersAndExpires() throws
    {
        let broker = try Self.broker(
            #"""
            {"queues": [{"name": "dead", "durable": true}, {"name": "q"}],
             "exchanges": [{"name": "dlx", "type": "fanout"}],
             "bindings": [{"source": "dlx", "destination": "dead", "destination_type": "queue"}],
             "policies": [{"name": "p", "pattern": "^q$", "definition":
               {"dead-letter-exchange": "dlx", "dead-letter-routing-key": "k", "expires": 60000}}]}
            """#
        )
        let a = try broker.connect()
        a.publish("m", "q")
        a.get("q", noAck: false)
        a.nack(1, requeue: false)
        #expect(broker.first(in: "dead")?.routingKey == "k")
        _ = broker.pass(milliseconds: 60_001)
        #expect(broker.snapshot.queues.map(\.name) == ["dead"])
    }

    @Test(.keeps(.routing, "a policy gives an alternate exchange")) func aPolicyGivesAnAlternateExchange() throws {
        let broker = try Self.broker(
            #"""
            {"queues": [{"name": "q"}], "exchanges": [{"name": "before", "type": "direct"}, {"name": "in", "type": "topic", "internal": true}],
             "bindings": [{"source": "amq.fanout", "destination": "q", "destination_type": "queue"}],
             "policies": [{"name": "p", "pattern": "direct|before|after", "apply-to": "exchanges", "definition":
               {"alternate-exchange": "amq.fanout"}}]}
            """#
        )
        let a = try broker.connect()
        a.exchange("after", "direct")
        a.exchange("another", "direct")
        #expect(broker.snapshot.exchanges.first { $0.name == "in" }?.isInternal == true)
        for exchange in ["amq.direct", "before", "after", "another"] { a.publish(exchange, to: exchange, "nobody") }
        #expect(broker.snapshot.queue("q")?.readyCount == 3)
    }
}
