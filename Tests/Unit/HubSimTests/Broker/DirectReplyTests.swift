import AMQP
import Testing

@testable import HubSim

@Suite("Direct replies")
struct DirectReplyTests {
    let broker = BrokerUnderTest()
    static let name = "amq.rabbitmq.reply-to"

    @Test(.keeps(.consumers, "a reply to `amq.rabbitmq.reply-to` goes straight to its consumer"))
    func aReplyGoesStraightBack() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        b.declare("q")
        #expect(a.consume(Self.name, "r", noAck: true) == [#"a1 basic.consume-ok consumer-tag="r""#])
        a.publish("question", "q", BasicProperties(replyTo: Self.name))
        let address = try #require(broker.first(in: "q")?.properties.replyTo)
        #expect(address.hasPrefix(Self.name + "."))
        #expect(b.publish("answer", address) == ["a1 deliver r #1: answer"])
        #expect(b.count(address) == [#"b1 queue.declare-ok queue="\#(address)" message-count=0 consumer-count=1"#])
        _ = a.disconnect()
        #expect(b.publish("late", address, mandatory: true) == ["b1 return 312 NO_ROUTE: late"])
        #expect(b.count(address) == ["b1 close 404 NOT_FOUND - no queue '\(address)' in vhost '/'"])
    }

    @Test func itIsRefusedWhereItCannotBeKept() throws {
        #expect(
            try broker.connect().consume(Self.name, "r") == [
                "a1 close 406 PRECONDITION_FAILED - reply consumer cannot acknowledge"
            ]
        )
        let a = try broker.connect()
        a.consume(Self.name, "r", noAck: true)
        #expect(
            a.consume(Self.name, "s", noAck: true) == [
                "a1 close 406 PRECONDITION_FAILED - reply consumer already set"
            ]
        )
        #expect(
            try broker.connect().publish("m", "q", BasicProperties(replyTo: Self.name)) == [
                "a1 close 406 PRECONDITION_FAILED - fast reply consumer does not exist"
            ]
        )
    }
}
