import AMQP
import Testing

@testable import HubSim

@Suite("Consumers")
struct ConsumerTests {
    let broker = BrokerUnderTest()

    @Test func consumeIsAnsweredBeforeTheFirstDelivery() throws {
        let a = try broker.connect()
        a.declare("q")
        for text in ["1", "2"] { a.publish(text, "q") }
        #expect(
            a.consume("q", "t") == [
                #"a1 basic.consume-ok consumer-tag="t""#, "a1 deliver t #1: 1", "a1 deliver t #2: 2",
            ]
        )
    }

    @Test func consumersTakeTurns() throws {
        let a = try broker.connect()
        a.declare("q")
        for tag in ["r", "s", "t"] { a.consume("q", tag) }
        let deliveries = (1...7).flatMap { a.publish("\($0)", "q") }
        #expect(deliveries.map { $0.split(separator: " ")[2] } == ["r", "s", "t", "r", "s", "t", "r"])
    }

    /// As RabbitMQ 3.10 does it: to cancel the active one serves nobody, and what comes back comes first.
    @Test func theNextActiveConsumerGetsWhatComesBackFirst() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        a.declare("q", ["x-single-active-consumer": true])
        a.prefetch(2)
        a.consume("q", "first")
        b.consume("q", "second")
        for text in ["0", "1", "2"] { b.publish(text, "q") }
        #expect(a.cancel("first") == [#"a1 basic.cancel-ok consumer-tag="first""#])
        let delivered = a.disconnect().filter { $0.contains("deliver") }
        #expect(delivered.map { $0.split(separator: ":").last } == [" 0", " 1", " 2"])
    }

    @Test func prefetchLimitsEachConsumer() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(2)
        a.consume("q", "t")
        let deliveries = (1...4).flatMap { a.publish("\($0)", "q") }
        #expect(deliveries == ["a1 deliver t #1: 1", "a1 deliver t #2: 2"])
        #expect(a.ack(1) == ["a1 deliver t #3: 3"])
        #expect(a.ack(3, multiple: true) == ["a1 deliver t #4: 4"])
    }

    @Test func prefetchOfTheChannelIsShared() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1, global: true)
        a.consume("q", "s")
        a.consume("q", "t")
        #expect((1...3).flatMap { a.publish("\($0)", "q") } == ["a1 deliver s #1: 1"])
        #expect(a.ack(1) == ["a1 deliver t #2: 2"])
        #expect(a.prefetch(5, global: true) == ["a1 basic.qos-ok", "a1 deliver s #3: 3"])
    }

    @Test func prefetchDoesNotConcernWhoDoesNotAcknowledge() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1)
        a.consume("q", "t", noAck: true)
        #expect((1...3).flatMap { a.publish("\($0)", "q") }.count == 3)
        #expect(broker.snapshot.queue("q")?.unackedCount == 0)
    }

    @Test func higherPrioritiesAreServedFirst() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1)
        a.consume("q", "low")
        a.consume("q", "high", ["x-priority": .int32(10)])
        #expect(a.publish("1", "q") == ["a1 deliver high #1: 1"])
        #expect(a.publish("2", "q") == ["a1 deliver low #2: 2"])
        #expect(a.publish("3", "q") == [])
        #expect(a.ack(0, multiple: true) == ["a1 deliver high #3: 3"])
    }

    @Test func aSingleActiveConsumerIsFollowedByTheNext() throws {
        let a = try broker.connect()
        a.declare("q", ["x-single-active-consumer": true])
        a.consume("q", "s")
        a.consume("q", "t")
        #expect((1...2).flatMap { a.publish("\($0)", "q") } == ["a1 deliver s #1: 1", "a1 deliver s #2: 2"])
        _ = a.cancel("s")
        #expect(a.publish("3", "q") == ["a1 deliver t #3: 3"])
    }

    @Test func cancellingOneThatIsNotThereIsNoError() throws {
        let a = try broker.connect()
        #expect(a.cancel("t") == [#"a1 basic.cancel-ok consumer-tag="t""#])
    }

    @Test func whatACancelledConsumerHoldsStaysUnacknowledged() throws {
        let a = try broker.connect()
        a.declare("q")
        a.consume("q", "t")
        a.publish("1", "q")
        _ = a.cancel("t")
        #expect(broker.snapshot.queue("q")?.unackedCount == 1)
        #expect(a.ack(1) == [])
        #expect(broker.snapshot.queue("q")?.unackedCount == 0)
    }

    @Test(.keeps(.sharing, "what a connection held when it ended comes back in the old order"))
    func anEndedConnectionGivesBackInOrder() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        a.declare("q")
        a.consume("q", "t")
        for text in ["1", "2", "3"] { a.publish(text, "q") }
        a.ack(2)
        b.consume("q", "u")
        #expect(a.disconnect() == ["b1 deliver u #1 again: 1", "b1 deliver u #2 again: 3"])
    }

    @Test func aThousandFullConsumersAreNotAskedAgain() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1)
        for number in 0..<1000 { a.consume("q", "t\(number)") }
        for number in 0..<1000 { a.publish("\(number)", "q") }
        #expect(a.publish("late", "q") == [])
        #expect(a.ack(500) == ["a1 deliver t499 #1001: late"])
    }

    @Test func oneThatIsHandedMuchWaitsUntilItIsOnItsWay() throws {
        let broker = BrokerUnderTest { $0.limits.outboundBytesHigh = 2 * Message.overheadBytes }
        let a = try broker.connect()
        a.declare("q")
        a.consume("q", "t")
        #expect(a.publish("1", "q") == ["a1 deliver t #1: 1"])
        #expect(a.publish("2", "q") == ["a tell-when-drained", "a1 deliver t #2: 2"])
        #expect(a.publish("3", "q") == [])
        #expect(broker.apply(.drained(a.id)) == ["a1 deliver t #3: 3"])
    }

    /// The channel that goes has nothing of the queue to give back, so nothing but the change of consumers serves it.
    @Test func aSingleActiveConsumerThatGoesLeavesWhatIsReadyToTheNext() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        a.declare("p")
        a.declare("q", ["x-single-active-consumer": true])
        a.prefetch(1, global: true)
        a.consume("p", "r")
        a.consume("q", "s")
        b.consume("q", "t")
        #expect(a.publish("1", "p") == ["a1 deliver r #1: 1"])
        #expect(a.publish("2", "q") == [])
        #expect(a.disconnect() == ["b1 deliver t #1: 2"])
    }
}
