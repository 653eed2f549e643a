import AMQP
import Testing

@testable import HubSim

/// Whatever clients make the broker hold is counted, bounded, and counted back.
@Suite("Ledger")
struct LedgerTests {
    private static let large = String(repeating: "x", count: 2000)

    /// What a client can pile up without publishing, each on a channel of its own.
    enum Pile: String, CaseIterable {
        case queues, exchanges, bindings, patterns, consumers, channels

        /// One more of it.
        func add(_ index: Int, _ a: ChannelUnderTest) -> [String] {
            let name = "\(index)" + String(repeating: "n", count: 200)
            let arguments: FieldTable = ["x": .string(LedgerTests.large)]
            switch self {
            case .queues: return a.declare(name, arguments)
            case .exchanges: return a.exchange(name, "direct", arguments)
            case .bindings: return a.bind("q", to: "amq.direct", name, arguments)
            case .patterns: return a.bind("q", to: "amq.topic", "\(index)" + String(repeating: ".", count: 200))
            case .consumers: return a.consume("q", name, arguments)
            case .channels:
                return a.broker.apply(.method(a.id, channel: UInt16(index + 2), .channelOpen))
            }
        }
    }

    @Test(arguments: Pile.allCases)
    func whatIsDefinedIsBounded(_ pile: Pile) throws {
        let broker = BrokerUnderTest { $0.limits.definitionBytesMax = 1 << 20 }
        let bystander = try broker.connect("bystander")
        let a = try broker.connect("a")
        a.declare("q", autoDelete: true)
        var refused: [String] = []
        var count = 0
        while refused.isEmpty, count < 2000 {
            refused = pile.add(count, a).filter { $0.contains("memory for definitions") }
            count += 1
        }
        let line = try #require(refused.first)
        #expect(line.contains(pile == .channels ? "506 RESOURCE_ERROR" : "406 PRECONDITION_FAILED"))
        #expect(count > 10)
        #expect(broker.look { $0.memory.definitionBytes } <= 1 << 20)
        #expect(bystander.get("none").first?.contains("404") == true, "everybody else goes on")
        _ = a.disconnect()
        let b = try broker.connect("b")
        let left = broker.snapshot
        for queue in left.queues { b.send(.queueDelete(QueueDelete(queue: queue.name))) }
        for exchange in left.exchanges where !exchange.name.hasPrefix("amq.") && !exchange.name.isEmpty {
            b.send(.exchangeDelete(ExchangeDelete(exchange: exchange.name)))
        }
        _ = b.disconnect()
        _ = bystander.disconnect()
        #expect(broker.look { $0.memory } == MemoryLedger())
    }

    @Test func whatTheHubBeganWithIsCountedBackToo() throws {
        let definitions = try Definitions(
            json: Array(
                """
                {"vhosts": [{"name": "/"}],
                 "exchanges": [{"name": "x", "vhost": "/", "type": "topic", "durable": true, "auto_delete": false,
                                "internal": false, "arguments": {}}],
                 "queues": [{"name": "q", "vhost": "/", "durable": true, "auto_delete": false,
                             "arguments": {"x-max-priority": 9}}],
                 "bindings": [{"source": "x", "vhost": "/", "destination": "q", "destination_type": "queue",
                               "routing_key": "a.b", "arguments": {}}]}
                """.utf8
            )
        )
        let broker = BrokerUnderTest { $0.definitions = definitions }
        #expect(broker.look { $0.memory.definitionBytes } > 2000)
        let a = try broker.connect("a")
        a.send(.queueDelete(QueueDelete(queue: "q")))
        a.send(.exchangeDelete(ExchangeDelete(exchange: "x")))
        _ = a.disconnect()
        #expect(broker.look { $0.memory } == MemoryLedger())
    }

    @Test func whatAClientSaysOfItselfIsCounted() throws {
        let properties = FieldTable((0..<500).map { ("key \($0)", FieldValue.string("value")) })
        var profile = ConnectionProfile()
        profile.clientProperties = properties
        let cost = DefinitionCost.connection(profile)
        #expect(cost > 500 * 64)
        var limits = HubSimLimits()
        limits.definitionBytesMax = cost + 100
        var broker = Broker(configuration: BrokerConfiguration(limits: limits))
        _ = try broker.open(profile, at: .start)
        var refusal: ProtocolError?
        do throws(ProtocolError) { _ = try broker.open(profile, at: .start) } catch { refusal = error }
        #expect(refusal?.code == .preconditionFailed)
    }

    @Test func openTransactionsAreCountedAndBounded() throws {
        let broker = BrokerUnderTest { $0.limits.transactionsBytesMax = 50_000 }
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        for channel in [a, b] { channel.send(.txSelect) }
        a.declare("q")
        for _ in 0..<10 { a.publish(Self.large, "q") }
        #expect(broker.look { $0.memory.transactionBytes } > 20_000)
        #expect(broker.snapshot.messageBytes == 0)
        var answer: [String] = []
        for _ in 0..<20 where answer.isEmpty { answer = b.publish(Self.large, "q") }
        #expect(answer == ["b1 close 406 PRECONDITION_FAILED - transaction is too large"])
        a.send(.txCommit)
        #expect(broker.look { $0.memory.transactionBytes } == 0)
        #expect(broker.snapshot.queue("q")?.readyCount == 10)
        a.publish(Self.large, "q")
        a.send(.txRollback)
        a.publish(Self.large, "q")
        _ = a.disconnect()
        #expect(broker.look { $0.memory.transactionBytes } == 0)
    }

    @Test func manyRoutesInATransactionCount() throws {
        let a = try BrokerUnderTest().connect()
        for index in 0..<100 {
            a.declare("\(index)")
            a.bind("\(index)", to: "amq.fanout")
        }
        a.send(.txSelect)
        a.publish("", to: "amq.fanout", "")
        #expect(a.broker.look { $0.memory.transactionBytes } >= Message.overheadBytes + 100 * 8)
    }

    @Test func deliveriesOfADeletedQueueCountUntilTheyAreSettled() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect("a")
        for settle in [
            { a.ack(0, multiple: true) }, { a.nack(0, multiple: true, requeue: true) },
            { a.nack(0, multiple: true, requeue: false) }, { a.disconnect() },
        ] {
            a.declare("q")
            for _ in 0..<3 { a.publish(Self.large, "q") }
            for _ in 0..<2 { a.get("q", noAck: false) }
            a.send(.queueDelete(QueueDelete(queue: "q")))
            #expect(broker.snapshot.messageBytes > 2 * 2000)
            #expect(broker.snapshot.messageBytes < 3 * 2000)
            _ = settle()
            #expect(broker.snapshot.messageBytes == 0)
        }
    }

    @Test func headersCostWhatTheyCostDecoded() throws {
        let a = try BrokerUnderTest().connect()
        a.declare("q")
        // Two octets each on the wire.
        let headers = FieldTable(entries: Array(repeating: FieldTable.Entry(key: "", value: .void), count: 4000))
        a.publish("", "q", BasicProperties(headers: headers))
        #expect(a.broker.snapshot.messageBytes > 4000 * MemoryLayout<FieldTable.Entry>.stride)
    }

    @Test func whoAsksForMoreThanItTakesWaits() throws {
        let broker = BrokerUnderTest { $0.limits.outboundBytesHigh = 3000 }
        let a = try broker.connect("a")
        let other = a.channel(2)
        a.declare("q")
        for index in 0..<5 { a.publish("\(index)" + Self.large, "q") }
        let gets = Command.method(a.id, channel: 1, .basicGet(BasicGet(queue: "q")))
        let heard = broker.apply([gets, gets, gets, gets] + [other.publishing("later", "q")])
        #expect(heard.map { $0.prefix(11) } == ["a1 get-ok #", "a tell-when", "a1 get-ok #", "a pause"])
        #expect(broker.snapshot.queue("q")?.readyCount == 3, "the publish waits too: it came after")
        let more = broker.apply(.drained(a.id))
        #expect(more.map { $0.prefix(11) } == ["a1 get-ok #", "a tell-when", "a1 get-ok #", "a resume"])
        #expect(broker.snapshot.queue("q")?.readyCount == 2)
        #expect(broker.apply(.drained(a.id)) == [])
        #expect(broker.look { $0.postponingCount } == 0)
    }

    @Test func whoLeavesWhileItWaitsLosesOnlyItsQuestions() throws {
        let broker = BrokerUnderTest { $0.limits.outboundBytesHigh = 1 }
        let a = try broker.connect("a")
        a.declare("q")
        a.publish("1", "q")
        a.publish("2", "q")
        let get = Command.method(a.id, channel: 1, .basicGet(BasicGet(queue: "q", noAck: true)))
        _ = broker.apply([get, get, a.publishing("3", "q"), .closed(a.id)])
        #expect(broker.snapshot.queue("q")?.readyCount == 2)
        #expect(broker.look { $0.postponingCount } == 0)
        let b = try broker.connect("b")
        #expect(b.count("q").first?.contains("message-count=2") == true)
    }

    /// Queues that overflow into all the others: without an end, 12! ways.
    @Test(.timeLimit(.minutes(5)))
    func deadLettersThatMultiplyHaveAnEnd() throws {
        let a = try BrokerUnderTest().connect()
        a.exchange("x", "fanout")
        for index in 0..<12 {
            a.declare("\(index)", ["x-max-length": .int32(0), "x-dead-letter-exchange": "x"])
            a.bind("\(index)", to: "x")
        }
        a.publish("1", "0")
        a.publish("2", to: "x", "")
        #expect(a.broker.snapshot.messageBytes == 0)
        #expect(a.broker.look { $0.deadLetters.isEmpty && $0.deathsLeft == nil })
        #expect(a.count("0") == [#"a1 queue.declare-ok queue="0" message-count=0 consumer-count=0"#])
    }

    @Test func routesAreBoundedInAll() throws {
        let broker = BrokerUnderTest {
            $0.limits.routesCachedMax = 50
            $0.limits.routesCachedInAllMax = 120
        }
        let a = try broker.connect()
        for index in 0..<60 { a.declare("\(index)") }
        for exchange in 0..<10 {
            a.exchange("x\(exchange)", "topic")
            for queue in 0..<10 { a.bind("\(queue)", to: "x\(exchange)", "#") }
        }
        for exchange in 0..<10 {
            for key in 0..<20 {
                a.publish("", to: "x\(exchange)", "\(key)")
                let host = try #require(broker.look { $0.hosts["/"] })
                #expect(host.routesCached <= 120)
                #expect(host.routesCached == host.exchanges.values.map(\.routes.size).reduce(0, +))
            }
        }
        #expect(broker.snapshot.queue("0")?.readyCount == 200)
        a.send(.exchangeDelete(ExchangeDelete(exchange: "x9")))
        let host = try #require(broker.look { $0.hosts["/"] })
        #expect(host.routesCached == host.exchanges.values.map(\.routes.size).reduce(0, +))
    }

    @Test func manyConsumersLeaveAtOnce() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        b.declare("q", ["x-single-active-consumer": true])
        for index in 0..<20_000 { a.consume("q", "\(index)") }
        b.consume("q", "b")
        _ = a.disconnect()
        #expect(b.publish("1", "q") == ["b1 deliver b #1: 1"])
        #expect(broker.snapshot.queue("q")?.consumerCount == 1)
        #expect(b.send(.queueDelete(QueueDelete(queue: "q"))).count == 2)
    }
}
