import AMQP
import Testing

@testable import HubSim

@Suite("Routing")
struct RoutingTests {
    let broker = BrokerUnderTest()

    /// Patterns and keys as RabbitMQ 3.10.8 matches them, the odd ones too.
    static let topics: [(pattern: String, matching: [String], other: [String])] = [
        ("#", ["", "a", "a.b"], []),
        ("*", ["a"], ["", "a.b"]),
        ("a.*.c", ["a.b.c", "a..c"], ["a.c", "a.b.b.c"]),
        ("a.#.c", ["a.c", "a.b.c", "a.b.b.c"], ["a", "c"]),
        ("#.a.#", ["a", "b.a", "b.a.c"], ["b"]),
        ("*.#", ["a", "a.b"], [""]),
        ("a.", ["a."], ["a"]),
        ("", [""], ["a"]),
        ("#.#", ["", "a", "a.b"], []),
        ("a.#", ["a", "a.", "a.b.c"], ["ab"]),
        ("storage.request", ["storage.request"], ["storage.response", "storage"]),
    ]

    @Test(arguments: topics)
    func topic(_ pattern: String, _ matching: [String], _ other: [String]) throws {
        let a = try broker.connect()
        a.declare("q")
        a.bind("q", to: "amq.topic", pattern)
        for key in matching { #expect(a.publish("m", to: "amq.topic", key, mandatory: true) == [], "\(key)") }
        for key in other {
            #expect(a.publish("m", to: "amq.topic", key, mandatory: true) == ["a1 return 312 NO_ROUTE: m"], "\(key)")
        }
    }

    @Test func aHostilePatternCostsLittle() throws {
        let a = try broker.connect()
        a.declare("q")
        // Backtracking would take longer than the universe is old.
        a.bind("q", to: "amq.topic", Array(repeating: "#.a", count: 60).joined(separator: "."))
        let key = Array(repeating: "a", count: 127).joined(separator: ".")
        #expect(a.publish("m", to: "amq.topic", key + ".b", mandatory: true) == ["a1 return 312 NO_ROUTE: m"])
        #expect(a.publish("m", to: "amq.topic", key, mandatory: true) == [])
    }

    @Test func aTopicBindingThatIsGoneLeavesNothing() throws {
        let a = try broker.connect()
        a.declare("q")
        a.bind("q", to: "amq.topic", "a.*.#")
        a.bind("q", to: "amq.topic", "a.b")
        a.publish("1", to: "amq.topic", "a.b")
        #expect(a.get("q") == ["a1 get-ok #1 left=0: 1"], "two bindings, one copy")
        for key in ["a.*.#", "a.b"] {
            a.send(.queueUnbind(QueueUnbind(queue: "q", exchange: "amq.topic", routingKey: key)))
        }
        #expect(a.publish("2", to: "amq.topic", "a.b", mandatory: true) == ["a1 return 312 NO_ROUTE: 2"])
    }

    static let headers: [(arguments: FieldTable, matching: [FieldTable], other: [FieldTable])] = [
        (
            ["x-match": "all", "a": .int32(1), "b": "x"],
            [["a": .int8(1), "b": "x"], ["a": .int32(1), "b": "x", "c": .int32(2)]],
            [["a": .int32(1)], ["a": "1", "b": "x"], [:]]
        ),
        (["x-match": "any", "a": .int32(1), "b": "x"], [["a": .int32(1)], ["b": "x"]], [["b": "y"], [:]]),
        ([:], [[:], ["a": .int32(1)]], []),
        (["x-match": "any"], [], [[:], ["a": .int32(1)]]),
        (["a": .void], [["a": .int32(5)]], [["b": .int32(5)]]),
        (["x-a": .int32(1)], [[:], ["x-a": .int32(2)]], []),
        (["x-match": "all-with-x", "x-a": .int32(1)], [["x-a": .int32(1)]], [[:], ["x-a": .int32(2)]]),
        (["x-match": "any-with-x", "x-a": .int32(1)], [["x-a": .int32(1)]], [["x-a": .int32(2)]]),
        (["a": true], [["a": true]], [["a": .int32(1)], ["a": "true"]]),
        (["a": .double(1)], [["a": .int32(1)], ["a": .float(1)]], [["a": .int32(2)]]),
    ]

    @Test(arguments: headers)
    func headersMatch(_ arguments: FieldTable, _ matching: [FieldTable], _ other: [FieldTable]) throws {
        let a = try broker.connect()
        a.declare("q")
        a.bind("q", to: "amq.headers", "", arguments)
        for headers in matching {
            let returned = a.publish("m", to: "amq.headers", "", mandatory: true, BasicProperties(headers: headers))
            #expect(returned == [], "\(headers)")
        }
        for headers in other {
            let returned = a.publish("m", to: "amq.headers", "", mandatory: true, BasicProperties(headers: headers))
            #expect(returned == ["a1 return 312 NO_ROUTE: m"], "\(headers)")
        }
    }

    @Test func directAndFanout() throws {
        let a = try broker.connect()
        for queue in ["q", "r"] { a.declare(queue) }
        a.bind("q", to: "amq.direct", "k")
        a.bind("q", to: "amq.fanout", "whatever")
        a.bind("r", to: "amq.fanout")
        a.publish("1", to: "amq.direct", "k")
        a.publish("2", to: "amq.fanout", "other")
        #expect(a.get("q") == ["a1 get-ok #1 left=1: 1"])
        #expect(a.get("q") == ["a1 get-ok #2 left=0: 2"])
        #expect(a.get("r") == ["a1 get-ok #3 left=0: 2"])
    }

    @Test func bindingsAndQueuesThatComeAndGoAreSeenAtOnce() throws {
        let a = try broker.connect()
        a.declare("q")
        a.exchange("x", "direct")
        #expect(a.publish("1", to: "x", "k", mandatory: true) == ["a1 return 312 NO_ROUTE: 1"])
        a.bind("q", to: "x", "k")
        #expect(a.publish("2", to: "x", "k", mandatory: true) == [])
        a.send(.queueDelete(QueueDelete(queue: "q")))
        #expect(a.publish("3", to: "x", "k", mandatory: true) == ["a1 return 312 NO_ROUTE: 3"])
        a.declare("q")
        #expect(a.publish("4", to: "x", "k", mandatory: true) == ["a1 return 312 NO_ROUTE: 4"], "the binding is gone")
    }

    @Test(.keeps(.routing, "exchanges that are bound in a circle route a message once"))
    func exchangesBoundInACircleRouteOnce() throws {
        let a = try broker.connect()
        a.declare("q")
        for name in ["x", "y"] { a.exchange(name, "fanout") }
        a.send(.exchangeBind(ExchangeBind(destination: "y", source: "x")))
        a.send(.exchangeBind(ExchangeBind(destination: "x", source: "y")))
        a.bind("q", to: "x")
        a.bind("q", to: "y")
        a.publish("m", to: "x", "")
        #expect(a.get("q") == ["a1 get-ok #1 left=0: m"])
    }

    @Test func anAlternateExchangeTakesWhatNobodyWants() throws {
        let a = try broker.connect()
        a.declare("q")
        a.exchange("rest", "fanout")
        a.exchange("x", "direct", ["alternate-exchange": "rest"])
        #expect(a.publish("1", to: "x", "k", mandatory: true) == ["a1 return 312 NO_ROUTE: 1"])
        a.bind("q", to: "rest")
        #expect(a.publish("2", to: "x", "k", mandatory: true) == [])
        #expect(a.get("q") == ["a1 get-ok #1 left=0: 2"])
    }

    @Test func anAutoDeleteExchangeGoesWithItsLastBinding() throws {
        let a = try broker.connect()
        a.declare("q")
        a.exchange("x", "direct", autoDelete: true)
        a.bind("q", to: "x", "k")
        a.send(.queueDelete(QueueDelete(queue: "q")))
        #expect(a.publish("m", to: "x", "k") == ["a1 close 404 NOT_FOUND - no exchange 'x' in vhost '/'"])
    }

    @Test func copiesGoByTheirHeadersAndBlindOnesAreNotSeen() throws {
        let a = try broker.connect()
        for queue in ["q", "cc", "bcc"] { a.declare(queue) }
        a.publish("m", "q", BasicProperties(headers: ["CC": ["cc"], "BCC": ["bcc"], "other": true]))
        for queue in ["q", "cc", "bcc"] { #expect(a.get(queue).count == 1) }
        a.publish("m", "none", BasicProperties(headers: ["BCC": ["q"]]))
        #expect(broker.first(in: "q")?.properties.headers == [:])
    }

    @Test func aLongChainOfAutoDeleteExchangesGoesWithoutADeepCall() throws {
        let a = try broker.connect()
        let count = 30_000
        let before = broker.snapshot.exchanges.count
        for number in 0...count {
            a.exchange("x\(number)", "fanout", autoDelete: true)
            guard number > 0 else { continue }
            a.send(.exchangeBind(ExchangeBind(destination: "x\(number)", source: "x\(number - 1)")))
        }
        #expect(broker.snapshot.exchanges.count == before + count + 1)
        a.send(.exchangeDelete(ExchangeDelete(exchange: "x\(count)")))
        #expect(broker.snapshot.exchanges.count == before)
        #expect(broker.snapshot.bindings.isEmpty)
    }
}
