import AMQP
import Testing

@testable import HubSim

@Suite("Acknowledgements")
struct AcknowledgementTests {
    let broker = BrokerUnderTest()

    @Test func anythingGivenBackTakesItsOldPlace() throws {
        let a = try broker.connect()
        a.declare("q")
        for number in 1...5 { a.publish("\(number)", "q") }
        for _ in 1...4 { a.get("q", noAck: false) }
        a.nack(3, requeue: true)
        a.nack(1, requeue: true)
        a.ack(2)
        a.publish("6", "q")
        a.nack(4, requeue: true)
        let order = (1...5).flatMap { _ in a.get("q") }
        #expect(
            order == [
                "a1 get-ok #5 again left=4: 1", "a1 get-ok #6 again left=3: 3", "a1 get-ok #7 again left=2: 4",
                "a1 get-ok #8 left=1: 5", "a1 get-ok #9 left=0: 6",
            ]
        )
    }

    @Test func multipleTakesAllUpToTheTagAndZeroTakesAll() throws {
        let a = try broker.connect()
        a.declare("q")
        for number in 1...5 {
            a.publish("\(number)", "q")
            a.get("q", noAck: false)
        }
        #expect(a.ack(2, multiple: true) == [])
        #expect(broker.snapshot.queue("q")?.unackedCount == 3)
        #expect(a.ack(0, multiple: true) == [])
        #expect(broker.snapshot.queue("q")?.unackedCount == 0)
        #expect(a.ack(0, multiple: true) == [], "none is no error")
        #expect(a.ack(5, multiple: true) == ["a1 close 406 PRECONDITION_FAILED - unknown delivery tag 5"])
    }

    @Test func aTagCanBeSettledOnce() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q")
        a.get("q", noAck: false)
        a.ack(1)
        #expect(a.ack(1) == ["a1 close 406 PRECONDITION_FAILED - unknown delivery tag 1"])
    }

    @Test func tagsOfUnacknowledgedKindCannotBeSettled() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q")
        a.get("q", noAck: true)
        #expect(a.ack(1) == ["a1 close 406 PRECONDITION_FAILED - unknown delivery tag 1"])
    }

    @Test func recoverDeliversAgainAfterItsAnswer() throws {
        let a = try broker.connect()
        a.declare("q")
        a.consume("q", "t")
        for text in ["1", "2"] { a.publish(text, "q") }
        #expect(
            a.send(.basicRecover(BasicRecover(requeue: true))) == [
                "a1 basic.recover-ok", "a1 deliver t #3 again: 1", "a1 deliver t #4 again: 2",
            ]
        )
    }

    @Test func aRejectedMessageIsGone() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q")
        a.get("q", noAck: false)
        #expect(a.nack(1, requeue: false) == [])
        #expect(a.get("q") == ["a1 basic.get-empty"])
        #expect(broker.snapshot.messageBytes == 0)
    }

    @Test func thousandsSettledOutOfOrderAreFound() throws {
        let a = try broker.connect()
        a.declare("q")
        for number in 1...2000 {
            a.publish("\(number)", "q")
            a.get("q", noAck: false)
            // What was handed out is taken, or the next answers would wait for that.
            _ = broker.apply(.drained(a.id))
        }
        for tag in stride(from: UInt64(2000), to: 1, by: -2) { #expect(a.ack(tag) == []) }
        #expect(broker.snapshot.queue("q")?.unackedCount == 1000)
        a.nack(0, multiple: true, requeue: true)
        #expect(a.get("q") == ["a1 get-ok #2001 again left=999: 1"])
        #expect(a.get("q") == ["a1 get-ok #2002 again left=998: 3"])
    }

    @Test func acknowledgementsForADeletedQueueAreTaken() throws {
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1)
        a.consume("q", "t")
        a.publish("1", "q")
        a.send(.queueDelete(QueueDelete(queue: "q")))
        #expect(a.ack(1) == [])
        #expect(broker.snapshot.messageBytes == 0)
    }

    @Test(.keeps(.time, "a delivery that is unacknowledged for too long closes its channel with 406"))
    func aDeliveryThatStaysTooLongClosesItsChannel() throws {
        let broker = BrokerUnderTest { $0.personality = .rabbitMQ312 }
        let a = try broker.connect()
        a.declare("q", ["x-consumer-timeout": .int32(1000)])
        a.publish("1", "q")
        a.get("q", noAck: false)
        #expect(broker.pass(milliseconds: 999) == [])
        #expect(
            broker.pass(milliseconds: 1) == [
                "a1 close 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used:"
                    + " 1000 ms. This timeout value can be configured, see consumers doc guide to learn more"
            ]
        )
        #expect(broker.snapshot.queue("q")?.readyCount == 1)
    }
}
