import AMQP
import Testing

@testable import HubSim

@Suite("Memory")
struct MemoryTests {
    private let size = 1 + 64 + Message.overheadBytes

    @Test(
        .keeps(
            .memory,
            "while memory is short, who publishes hears `connection.blocked`, is not read from, and hears `connection.unblocked`"
        )
    ) func publishersAreBlockedAndLetGo() throws {
        let broker = BrokerUnderTest { $0.limits.totalBytesHigh = 2 * (1 + 64 + Message.overheadBytes) }
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        let c = try broker.connect("c") { $0.takesBlocked = false }
        a.declare("q")
        #expect(a.publish("1", "q") == [])
        #expect(a.publish("2", "q") == [#"a0 connection.blocked reason="low on memory""#, "a pause"])
        #expect(c.publish("3", "q") == ["c pause"], "it does not understand blocked")
        #expect(b.get("q") == ["b1 get-ok #1 left=2: 1"], "who does not publish goes on")
        b.get("q")
        #expect(b.get("q").contains("a0 connection.unblocked") == false)
        #expect(broker.snapshot.isBlocking == false)
    }

    @Test func aQueueAndTheHubHaveAnEnd() throws {
        for configure in [
            { $0.limits.totalBytesMax = 2 * 577 }, { $0.limits.queueBytesMax = 2 * 577 },
        ] as [(inout BrokerConfiguration) -> Void] {
            let broker = BrokerUnderTest(configure)
            let a = try broker.connect()
            a.send(.confirmSelect(ConfirmSelect()))
            a.declare("q")
            let publishes = (1...3).map { a.publishing("\($0)", "q") }
            #expect(broker.apply(publishes) == ["a1 confirm 1...2", "a1 refuse 3"])
        }
    }

    @Test func everythingIsCountedBack() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect()
        a.declare("q")
        for number in 1...100 { a.publish("\(number)", "q") }
        for _ in 1...50 { a.get("q", noAck: false) }
        #expect(broker.snapshot.messageBytes > 100 * Message.overheadBytes)
        a.ack(10, multiple: true)
        a.nack(20, multiple: true, requeue: false)
        a.nack(30, multiple: true, requeue: true)
        for _ in 1...10 { a.get("q") }
        a.send(.queuePurge(QueuePurge(queue: "q")))
        #expect(broker.snapshot.queue("q")?.unackedCount == 20)
        _ = a.disconnect()
        let b = try broker.connect()
        #expect(b.send(.queueDelete(QueueDelete(queue: "q"))) == ["a1 queue.delete-ok message-count=20"])
        #expect(broker.snapshot.messageBytes == 0)
    }

    @Test func nothingStaysWhenTheBrokerGoes() throws {
        weak var message: Message?
        weak var queue: Queue?
        weak var connection: BrokerConnection?
        do {
            let broker = BrokerUnderTest()
            let a = try broker.connect()
            for name in ["x", "y"] { a.exchange(name, "fanout") }
            a.send(.exchangeBind(ExchangeBind(destination: "y", source: "x")))
            a.send(.exchangeBind(ExchangeBind(destination: "x", source: "y")))
            a.declare("q")
            a.bind("q", to: "x")
            a.prefetch(1)
            a.consume("q", "t")
            a.publish("1", to: "x", "")
            a.publish("2", to: "x", "")
            (message, queue, connection) =
                broker.look { broker in
                    (broker.queue("q", "/")?.ready.first?.message, broker.queue("q", "/"), broker.connections[a.id])
                }
            #expect(message != nil && queue != nil && connection != nil)
        }
        #expect(message == nil && queue == nil && connection == nil)
    }

    @Test func nothingStaysWhenAConnectionGoes() throws {
        let broker = BrokerUnderTest()
        weak var connection: BrokerConnection?
        weak var queue: Queue?
        do {
            let a = try broker.connect()
            a.declare("q", exclusive: true)
            a.bind("q", to: "amq.topic", "k")
            a.consume("q", "t")
            a.publish("1", "q")
            (connection, queue) =
                broker.look { broker in
                    (broker.connections[a.id], broker.queue("q", "/"))
                }
            _ = a.disconnect()
        }
        // Deadlines that are no longer needed may hold a connection for a while, but not for ever.
        _ = broker.pass(milliseconds: 1_800_000)
        #expect(connection == nil && queue == nil)
        #expect(broker.snapshot.bindings.isEmpty)
    }

    @Test func whatAQueueDropsLetsPublishersGo() throws {
        let broker = BrokerUnderTest { $0.limits.totalBytesHigh = 4000 }
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        a.declare("q", ["x-max-length": .int32(1)])
        let large = String(repeating: "x", count: 4000)
        #expect(a.publish(large, "q") == [#"a0 connection.blocked reason="low on memory""#, "a pause"])
        #expect(b.publish("small", "q") == ["a0 connection.unblocked", "a resume"])
        #expect(broker.snapshot.isBlocking == false)
    }

    @Test func headersThatTheHubWroteAreCounted() throws {
        let a = try BrokerUnderTest().connect()
        a.declare("q")
        let large: FieldTable = ["h": .string(String(repeating: "x", count: 10_000)), "BCC": ["r"]]
        a.publish("", "q", BasicProperties(headers: large))
        let atFirst = a.broker.snapshot.messageBytes
        #expect(atFirst > 10_000)
        a.declare("d", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q", "x-message-ttl": .int32(0)])
        a.publish("", "d", BasicProperties(headers: large))
        #expect(a.broker.snapshot.queue("q")?.readyCount == 2)
        #expect(a.broker.snapshot.messageBytes > atFirst + 10_000)
    }
}
