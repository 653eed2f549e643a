import AMQP
import Testing

@testable import HubSim

@Suite("Dead letters")
struct DeadLetterTests {
    let broker = BrokerUnderTest { $0.wallSecondsAtStart = 1_700_000_000 }

    /// A queue `q` whose dead letters reach the queue `dead`.
    private func connect(_ arguments: FieldTable = [:]) throws -> ChannelUnderTest {
        let a = try broker.connect()
        a.exchange("dlx", "fanout")
        a.declare("dead")
        a.bind("dead", to: "dlx")
        var arguments = arguments
        arguments["x-dead-letter-exchange"] = "dlx"
        a.declare("q", arguments)
        return a
    }

    private func message(in queue: String) throws -> Message {
        try #require(broker.first(in: queue))
    }

    /// Found by comparing random operations with RabbitMQ (seed 905078914).
    @Test func aQueueThatGoesWithItsLastConsumerDeadLettersNothing() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        b.declare("dead")
        a.declare(
            "q",
            autoDelete: true,
            ["x-message-ttl": .int32(0), "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"]
        )
        a.consume("q", "t")
        a.publish("1", "q")
        _ = a.disconnect()
        #expect(b.count("dead") == [#"b1 queue.declare-ok queue="dead" message-count=0 consumer-count=0"#])
    }

    @Test func aRejectedMessageTellsItsDeath() throws {
        let a = try connect()
        a.publish("m", "q", BasicProperties(headers: ["h": .int32(1)], expiration: "60000"))
        a.get("q", noAck: false)
        a.nack(1, requeue: false)
        let dead = try message(in: "dead")
        #expect(dead.text == "m")
        #expect((dead.exchange, dead.routingKey) == ("dlx", "q"))
        #expect(dead.properties.expiration == nil)
        #expect(
            dead.properties.headers == [
                "h": .int32(1),
                "x-first-death-exchange": "", "x-first-death-queue": "q", "x-first-death-reason": "rejected",
                "x-death": [
                    [
                        "count": .int64(1), "reason": "rejected", "queue": "q", "time": .timestamp(1_700_000_000),
                        "exchange": "", "routing-keys": ["q"], "original-expiration": "60000",
                    ]
                ],
            ]
        )
    }

    @Test(
        arguments: [(["x-message-ttl": .int32(5)], "expired"), (["x-max-length": .int32(1)], "maxlen")]
            as [(FieldTable, String)]
    )
    func everyDeathHasItsReason(_ arguments: FieldTable, _ reason: String) throws {
        let a = try connect(arguments)
        for text in ["1", "2"] { a.publish(text, "q") }
        _ = broker.pass(milliseconds: 10)
        let dead = try message(in: "dead")
        #expect(dead.text == "1")
        #expect(dead.properties.headers?["x-first-death-reason"] == .string(reason))
    }

    @Test func aFullQueueMaySendTheNewOneToo() throws {
        let a = try connect(["x-max-length": .int32(1), "x-overflow": "reject-publish-dlx"])
        a.send(.confirmSelect(ConfirmSelect()))
        #expect(a.publish("1", "q") == ["a1 confirm 1...1"])
        #expect(a.publish("2", "q") == ["a1 refuse 2"])
        #expect(try message(in: "dead").text == "2")
        #expect(try message(in: "q").text == "1")
    }

    @Test func theRoutingKeyMayBeAnother() throws {
        let a = try broker.connect()
        a.declare("dead")
        a.declare("q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead", "x-message-ttl": .int32(0)])
        a.publish("m", "q", BasicProperties(headers: ["CC": ["other"]]))
        let dead = try message(in: "dead")
        #expect(dead.routingKey == "dead")
        #expect(dead.properties.headers?["CC"] == nil)
    }

    @Test(.keeps(.deadLetters, "a further death for the same reason in the same queue is counted in `x-death`"))
    func theSameDeathIsCounted() throws {
        let a = try broker.connect()
        a.declare("q", ["x-dead-letter-exchange": ""])
        a.publish("m", "q")
        for tag in UInt64(1)...3 {
            a.get("q", noAck: false)
            a.nack(tag, requeue: false)
        }
        let deaths = try message(in: "q").properties.headers?["x-death"]?.array
        #expect(deaths?.count == 1)
        #expect(deaths?.first?.table?["count"] == .int64(3))
    }

    @Test(.keeps(.deadLetters, "a message that comes back to a queue by dying alone, without a rejection, is dropped"))
    func whatGoesRoundByItselfIsDropped() throws {
        let a = try broker.connect()
        a.declare("q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "r", "x-message-ttl": .int32(5)])
        a.declare("r", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q", "x-message-ttl": .int32(5)])
        a.publish("m", "q")
        _ = broker.pass(milliseconds: 1000)
        #expect(broker.snapshot.queues.allSatisfy { $0.readyCount == 0 })
        #expect(broker.snapshot.messageBytes == 0)
    }

    @Test func aLongChainHasAnEndAndIsNoDeepCall() throws {
        let broker = BrokerUnderTest { $0.limits.deathsMax = 100 }
        let a = try broker.connect()
        for number in 0..<200 {
            let next: FieldValue = .string("q\(number + 1)")
            let arguments: FieldTable = [
                "x-dead-letter-exchange": "", "x-dead-letter-routing-key": next, "x-max-length": .int32(0),
            ]
            a.declare("q\(number)", arguments)
        }
        a.declare("q200")
        a.publish("far", "q0")
        #expect(broker.snapshot.queue("q200")?.readyCount == 0)
        a.publish("near", "q100")
        #expect(broker.snapshot.queue("q200")?.readyCount == 1)
        #expect(broker.snapshot.queues.map(\.readyCount).reduce(0, +) == 1)
    }

    @Test func personalitiesDiffer() throws {
        let broker = BrokerUnderTest { $0.personality = .rabbitMQ313 }
        let a = try broker.connect()
        a.declare("q", ["x-dead-letter-exchange": ""])
        a.publish("m", "q")
        a.get("q", noAck: false)
        a.nack(1, requeue: false)
        let headers = try #require(broker.first(in: "q")).properties.headers
        #expect(headers?["x-last-death-reason"] == "rejected")
    }

    /// Clients write `x-death` as they like; what they wrote is counted on from, and never crashes the hub.
    @Test(arguments: [(Int64.max, Int64.max), (.max - 1, .max), (.min, 2), (-1, 2), (0, 2), (7, 8)])
    func aCountThatAClientWroteIsTakenWithinReason(_ written: Int64, _ counted: Int64) throws {
        let a = try broker.connect()
        a.declare("q", ["x-dead-letter-exchange": ""])
        let death: FieldTable = ["queue": "q", "reason": "rejected", "count": .int64(written)]
        a.publish("m", "q", BasicProperties(headers: ["x-death": [.table(death)]]))
        a.get("q", noAck: false)
        a.nack(1, requeue: false)
        let deaths = try message(in: "q").properties.headers?["x-death"]?.array
        #expect(deaths?.count == 1)
        #expect(deaths?.first?.table?["count"] == .int64(counted))
    }
}
