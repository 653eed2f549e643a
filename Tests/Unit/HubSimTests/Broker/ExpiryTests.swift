import AMQP
import Testing

@testable import HubSim

@Suite("Expiry, lengths, priorities")
struct ExpiryTests {
    let broker = BrokerUnderTest()

    @Test(.keeps(.time, "a message expires when `x-message-ttl` is over, and not before"))
    func messagesExpireToTheMillisecond() throws {
        let a = try broker.connect()
        a.declare("q", ["x-message-ttl": .int32(1000)])
        a.publish("long", "q")
        a.publish("short", "q", BasicProperties(expiration: "10"))
        _ = broker.pass(milliseconds: 999)
        #expect(broker.snapshot.queue("q")?.readyCount == 2, "the short one waits behind the long one")
        _ = broker.pass(milliseconds: 1)
        #expect(broker.snapshot.queue("q")?.readyCount == 0)
        #expect(broker.nextDeadlineMs == nil)
    }

    @Test(.keeps(.time, "of `x-message-ttl` and `expiration` the shorter time counts")) func theShorterTimeCounts()
        throws
    {
        let a = try broker.connect()
        a.declare("q", ["x-message-ttl": .int32(1000)])
        a.publish("1", "q", BasicProperties(expiration: "10"))
        #expect(broker.nextDeadlineMs == 10)
        a.declare("r", ["x-message-ttl": .int32(5)])
        a.publish("1", "r", BasicProperties(expiration: "10"))
        #expect(broker.nextDeadlineMs == 5)
    }

    @Test(.keeps(.time, "a message with no time to live reaches a consumer that waits"))
    func noTimeAtAllIsEnoughForAConsumerThatWaits() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q", BasicProperties(expiration: "0"))
        #expect(a.get("q") == ["a1 basic.get-empty"])
        a.consume("q", "t")
        #expect(a.publish("2", "q", BasicProperties(expiration: "0")) == ["a1 deliver t #1: 2"])
    }

    @Test(.keeps(.time, "what is unacknowledged does not expire before it comes back"))
    func whatIsUnacknowledgedExpiresWhenItComesBack() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q", BasicProperties(expiration: "10"))
        a.get("q", noAck: false)
        _ = broker.pass(milliseconds: 20)
        #expect(broker.snapshot.queue("q")?.unackedCount == 1)
        a.nack(1, requeue: true)
        #expect(a.get("q") == ["a1 basic.get-empty"])
    }

    @Test(
        .keeps(.time, "a queue that nobody uses goes after `x-expires`; `basic.get` is a use, and a consumer keeps it")
    ) func anUnusedQueueExpires() throws {
        let a = try broker.connect()
        a.declare("q", ["x-expires": .int32(100)])
        _ = broker.pass(milliseconds: 99)
        a.get("q")
        _ = broker.pass(milliseconds: 99)
        #expect(broker.snapshot.queue("q") != nil, "basic.get is a use")
        a.consume("q", "t")
        _ = broker.pass(milliseconds: 1000)
        #expect(broker.snapshot.queue("q") != nil, "it has a consumer")
        _ = a.cancel("t")
        _ = broker.pass(milliseconds: 99)
        #expect(broker.snapshot.queue("q") != nil)
        _ = broker.pass(milliseconds: 1)
        #expect(broker.snapshot.queue("q") == nil)
    }

    @Test func tooManyPushTheOldestOut() throws {
        let a = try broker.connect()
        a.declare("q", ["x-max-length": .int32(2)])
        for text in ["1", "2", "3"] { a.publish(text, "q") }
        #expect(a.get("q") == ["a1 get-ok #1 left=1: 2"])
    }

    @Test func tooManyBytesPushTheOldestOut() throws {
        let a = try broker.connect()
        a.declare("q", ["x-max-length-bytes": .int32(6)])
        for length in 1...5 { a.publish(String(repeating: "x", count: length), "q") }
        #expect(a.get("q") == ["a1 get-ok #1 left=0: xxxxx"])
    }

    @Test func prioritiesGoFirstAndKeepTheirOrder() throws {
        let a = try broker.connect()
        a.declare("q", ["x-max-priority": .int32(9)])
        for (text, priority) in [("1", 1), ("5", 5), ("9", 9), ("none", nil), ("5b", 5), ("20", 20)]
            as [(String, UInt8?)]
        {
            a.publish(text, "q", BasicProperties(priority: priority))
        }
        let lines: [String] = (1...6).flatMap { _ -> [String] in a.get("q") }
        let order = lines.compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(order == ["9", "20", "5", "5b", "1", "none"])
    }
}
