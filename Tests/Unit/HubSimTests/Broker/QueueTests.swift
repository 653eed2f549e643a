import AMQP
import Testing

@testable import HubSim

@Suite("Queues")
struct QueueTests {
    let broker = BrokerUnderTest()

    @Test func declareTellsNameAndCounts() throws {
        let a = try broker.connect()
        #expect(a.declare("q") == [#"a1 queue.declare-ok queue="q" message-count=0 consumer-count=0"#])
        a.publish("1", "q")
        a.publish("2", "q")
        a.consume("q", "t", noAck: true)
        a.publish("3", "q")
        #expect(a.declare("q") == [#"a1 queue.declare-ok queue="q" message-count=0 consumer-count=1"#])
    }

    @Test func namesChosenByTheServerAreRandomAndFromTheSeed() throws {
        let names = try Self.names(seed: 1)
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy { $0.hasPrefix(#"a1 queue.declare-ok queue="amq.gen-"#) })
        #expect(try names == Self.names(seed: 1))
        #expect(try names != Self.names(seed: 2))
    }

    private static func names(seed: UInt64) throws -> [String] {
        let a = try BrokerUnderTest { $0.seed = seed }.connect()
        return a.declare("") + a.declare("")
    }

    @Test func anEmptyNameMeansTheQueueDeclaredLastOnTheChannel() throws {
        let a = try broker.connect()
        a.declare("first")
        a.declare("last")
        a.exchange("x", "direct")
        #expect(a.bind("", to: "x") == ["a1 queue.bind-ok"])
        a.publish("m", to: "x", "last")
        #expect(a.get("") == ["a1 get-ok #1 left=0: m"])
        let other = a.channel(2)
        #expect(other.get("") == ["a2 close 404 NOT_FOUND - no previously declared queue"])
    }

    @Test("An exclusive queue is never durable, whatever its declaration says", arguments: [false, true])
    func exclusiveQueuesAreNotDurable(isFirstDurable: Bool) throws {
        let a = try broker.connect()
        for isDurable in [isFirstDurable, !isFirstDurable] {
            #expect(
                a.send(.queueDeclare(QueueDeclare(queue: "q", durable: isDurable, exclusive: true)))
                    == [#"a1 queue.declare-ok queue="q" message-count=0 consumer-count=0"#]
            )
        }
    }

    @Test func deleteIsIdempotentAndCounts() throws {
        let a = try broker.connect()
        a.declare("q")
        a.publish("1", "q")
        #expect(a.send(.queueDelete(QueueDelete(queue: "q"))) == ["a1 queue.delete-ok message-count=1"])
        #expect(a.send(.queueDelete(QueueDelete(queue: "q"))) == ["a1 queue.delete-ok message-count=0"])
        #expect(a.publish("2", "q", mandatory: true) == ["a1 return 312 NO_ROUTE: 2"])
    }

    @Test func purgeLeavesWhatIsUnacknowledged() throws {
        let a = try broker.connect()
        a.declare("q")
        for text in ["1", "2", "3"] { a.publish(text, "q") }
        a.get("q", noAck: false)
        #expect(a.send(.queuePurge(QueuePurge(queue: "q"))) == ["a1 queue.purge-ok message-count=2"])
        #expect(a.nack(1, requeue: true) == [])
        #expect(a.get("q") == ["a1 get-ok #2 again left=0: 1"])
    }

    @Test(.keeps(.sharing, "an exclusive queue is locked for other connections (405) and goes with its own"))
    func anExclusiveQueueIsLockedForOthersAndGoesWithItsConnection() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b")
        a.declare("q", exclusive: true)
        let locked =
            "b1 close 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be"
            + " originally declared on another connection or the exclusive property value does not match that of the"
            + " original declaration."
        #expect(b.count("q") == [locked])
        _ = b.send(.channelCloseOk)
        #expect(a.disconnect() == [])
        #expect(b.opened().count("q") == ["b1 close 404 NOT_FOUND - no queue 'q' in vhost '/'"])
    }

    @Test func anAutoDeleteQueueGoesWithItsLastConsumer() throws {
        let a = try broker.connect()
        a.declare("q", autoDelete: true)
        a.consume("q", "s")
        a.consume("q", "t")
        #expect(a.cancel("s") == [#"a1 basic.cancel-ok consumer-tag="s""#])
        #expect(broker.snapshot.queue("q") != nil)
        #expect(a.cancel("t") == [#"a1 basic.cancel-ok consumer-tag="t""#])
        #expect(broker.snapshot.queue("q") == nil)
    }

    @Test func anAutoDeleteQueueWithoutConsumersStays() throws {
        let a = try broker.connect()
        a.declare("q", autoDelete: true)
        _ = a.send(.channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)))
        #expect(broker.snapshot.queue("q") != nil)
    }

    @Test func consumersHearOfTheEndOfTheirQueueIfTheyCan() throws {
        let a = try broker.connect("a")
        let b = try broker.connect("b") { $0.takesConsumerCancel = false }
        a.declare("q")
        a.consume("q", "s")
        b.consume("q", "t")
        #expect(
            b.send(.queueDelete(QueueDelete(queue: "q"))) == [
                "b1 queue.delete-ok message-count=0", #"a1 basic.cancel consumer-tag="s" no-wait"#,
            ]
        )
    }

    @Test func queuesOfOtherTypesAreKeptAsClassicOnesAndRemarked() throws {
        let a = try broker.connect()
        a.declare("q", durable: true, ["x-queue-type": "quorum", "x-delivery-limit": .int32(3)])
        #expect(
            broker.takeRemarks() == [
                .keptAsClassic(queue: "q", type: "quorum"),
                .argumentsWithoutEffect(queue: "q", names: ["x-delivery-limit"]),
            ]
        )
        a.declare("lazy", ["x-queue-mode": "lazy", "x-mesage-ttl": .int32(1), "x-message-ttl": .int32(1)])
        let names = ["x-queue-mode", "x-mesage-ttl"]
        #expect(broker.takeRemarks() == [.argumentsWithoutEffect(queue: "lazy", names: names)])
        a.declare("plain", ["x-message-ttl": .int32(1)])
        #expect(broker.takeRemarks().isEmpty)
    }

    @Test(arguments: ["quorum", "stream"])
    func whatReplicatedQueuesCannotBeIsRefused(_ type: String) throws {
        let cases: [(property: String, durable: Bool, exclusive: Bool, autoDelete: Bool)] = [
            ("non-durable", false, false, false), ("exclusive-owner", true, true, false),
            ("auto-delete", false, true, true),
        ]
        for (index, wrong) in cases.enumerated() {
            let a = try broker.connect("a\(index)")
            let declare = QueueDeclare(
                queue: "q",
                durable: wrong.durable,
                exclusive: wrong.exclusive,
                autoDelete: wrong.autoDelete,
                arguments: ["x-queue-type": .string(type)]
            )
            let line = try #require(a.send(.queueDeclare(declare)).first)
            #expect(
                line.contains("PRECONDITION_FAILED - invalid property '\(wrong.property)' for queue 'q' in vhost '/'")
            )
        }
    }

    @Test func theLimitOfQueuesIsKept() throws {
        let broker = BrokerUnderTest { $0.limits.queuesMax = 1 }
        let a = try broker.connect()
        a.declare("q")
        #expect(
            a.declare("r") == [
                "a1 close 406 PRECONDITION_FAILED - cannot declare queue 'r': queue limit in vhost '/' (1) is reached"
            ]
        )
    }
}
