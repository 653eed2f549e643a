import AMQP
import Testing

@testable import HubSim

@Suite("Confirms and transactions")
struct ConfirmTests {
    let broker = BrokerUnderTest()

    private func confirming() throws -> ChannelUnderTest {
        let a = try broker.connect()
        #expect(a.send(.confirmSelect(ConfirmSelect())) == ["a1 confirm.select-ok"])
        a.declare("q")
        return a
    }

    @Test func everyPublishIsConfirmedInOneWordForABatch() throws {
        let a = try confirming()
        #expect(a.publish("1", "q") == ["a1 confirm 1...1"])
        #expect(
            broker.apply([a.publishing("2", "q"), a.publishing("3", "q"), a.publishing("4", "q")]) == [
                "a1 confirm 2...4"
            ]
        )
    }

    @Test(.keeps(.confirms, "a message that comes back is confirmed after its `basic.return`"))
    func aReturnComesBeforeItsConfirm() throws {
        let a = try confirming()
        #expect(a.publish("1", "none", mandatory: true) == ["a1 return 312 NO_ROUTE: 1", "a1 confirm 1...1"])
        #expect(a.publish("2", "none") == ["a1 confirm 2...2"])
    }

    @Test func anAnswerDoesNotOvertakeConfirms() throws {
        let a = try confirming()
        let commands: [Command] = [
            a.publishing("1", "q"), .method(a.id, channel: 1, .basicGet(BasicGet(queue: "q", noAck: true))),
        ]
        #expect(broker.apply(commands) == ["a1 confirm 1...1", "a1 get-ok #1 left=0: 1"])
    }

    @Test func aQueueThatIsFullRefuses() throws {
        let a = try broker.connect()
        a.send(.confirmSelect(ConfirmSelect()))
        a.declare("q", ["x-max-length": .int32(2), "x-overflow": "reject-publish"])
        let publishes = (1...4).map { a.publishing("\($0)", "q") }
        #expect(broker.apply(publishes) == ["a1 confirm 1...2", "a1 refuse 3", "a1 refuse 4"])
        #expect(broker.snapshot.queue("q")?.readyCount == 2)
    }

    @Test func aBadPublishIsNotConfirmed() throws {
        let a = try confirming()
        #expect(
            broker.apply([a.publishing("1", "q"), a.publishing("2", to: "x", "q")]) == [
                "a1 confirm 1...1", "a1 close 404 NOT_FOUND - no exchange 'x' in vhost '/'",
            ]
        )
    }

    @Test func aTransactionTakesEffectAtItsCommit() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("0", "q")
        a.get("q", noAck: false)
        #expect(a.send(.txSelect) == ["a1 tx.select-ok"])
        #expect(a.publish("1", "q") == [])
        #expect(a.publish("2", "none", mandatory: true) == [])
        #expect(a.ack(1) == [])
        #expect(a.get("q") == ["a1 basic.get-empty"])
        #expect(broker.snapshot.queue("q")?.unackedCount == 1)
        #expect(a.send(.txCommit) == ["a1 return 312 NO_ROUTE: 2", "a1 tx.commit-ok"])
        #expect(a.get("q") == ["a1 get-ok #2 left=0: 1"])
        #expect(broker.snapshot.queue("q")?.unackedCount == 0)
    }

    @Test func aRollbackUndoesAcknowledgementsToo() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("0", "q")
        a.get("q", noAck: false)
        a.send(.txSelect)
        a.publish("1", "q")
        a.ack(1)
        #expect(a.send(.txRollback) == ["a1 tx.rollback-ok"])
        #expect(a.get("q") == ["a1 basic.get-empty"])
        #expect(a.ack(1) == [], "it is unacknowledged again")
        #expect(a.send(.txCommit) == ["a1 tx.commit-ok"])
        #expect(broker.snapshot.queue("q")?.unackedCount == 0)
    }

    @Test func aChannelThatClosesGivesBackWhatWasAcknowledgedInItsTransaction() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("0", "q")
        a.get("q", noAck: false)
        a.send(.txSelect)
        a.ack(1)
        a.send(.channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)))
        #expect(a.opened().get("q") == ["a1 get-ok #1 again left=0: 0"])
    }
}
