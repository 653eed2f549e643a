import AMQP
import Testing

@testable import HubSim

@Suite("Personality", .timeLimit(.minutes(5)))
struct PersonalityTests {
    @Test(arguments: [
        ("rabbitmq-3.10", "3.10.8"), ("rabbitmq-3.12", "3.12.14"), ("rabbitmq-3.13", "3.13.7"),
        ("rabbitmq-4.0", "4.0.9"),
    ])
    func theServerSaysWhichItIs(_ name: String, _ version: String) async throws {
        var configuration = HubConfiguration.forTests
        configuration.personality = try #require(Personality.named.first { $0.name == name }?.personality)
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        guard case .frame(.method(0, .connectionStart(let start))) = try await client.next() else {
            Issue.record("no connection.start")
            return
        }
        #expect(start.serverProperties["version"] == .string(version))
        await hub.shutdown()
    }

    @Test(
        .keeps(.versions, "`x-last-death-…` headers since 3.13"),
        arguments: [
            (Personality.rabbitMQ310, false), (.rabbitMQ312, false), (.rabbitMQ313, true), (.rabbitMQ40, true),
        ]
    )
    func theLastDeathIsToldSince313(_ personality: Personality, _ isTold: Bool) throws {
        let headers = try died(personality, published: [:])
        #expect((headers["x-last-death-queue"] != nil) == isTold)
        #expect(headers["x-first-death-queue"] == "q")
    }

    @Test(
        .keeps(.versions, "an `x-death` that a client wrote counts until 4.0"),
        arguments: [(Personality.rabbitMQ310, 8), (.rabbitMQ313, 8), (.rabbitMQ40, 1)] as [(Personality, Int64)]
    )
    func publishedDeathsCountUntil40(_ personality: Personality, _ count: Int64) throws {
        let headers = try died(
            personality,
            published: ["x-death": [["count": .int64(7), "queue": "q", "reason": "rejected"]]]
        )
        #expect(headers["x-death"]?.array?.count == 1)
        #expect(headers["x-death"]?.array?.first?.table?["count"]?.integer == count)
    }

    @Test func ownDeathsCountIn40() throws {
        let broker = BrokerUnderTest { $0.personality = .rabbitMQ40 }
        let a = try broker.connect()
        a.declare("q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q"])
        a.publish("m", "q")
        for tag: UInt64 in 1...3 {
            a.get("q", noAck: false)
            a.nack(tag, requeue: false)
        }
        let headers = broker.first(in: "q")?.properties.headers
        #expect(headers?["x-death"]?.array?.first?.table?["count"]?.integer == 3)
    }

    private func died(_ personality: Personality, published: FieldTable) throws -> FieldTable {
        let broker = BrokerUnderTest { $0.personality = personality }
        let a = try broker.connect()
        a.declare("dead")
        a.declare("q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"])
        a.publish("m", "q", BasicProperties(headers: published))
        a.get("q", noAck: false)
        a.nack(1, requeue: false)
        return try #require(broker.first(in: "dead")?.properties.headers)
    }

    @Test(
        .keeps(.versions, "`x-consumer-timeout` must be a number since 3.12"),
        arguments: [(Personality.rabbitMQ310, true), (.rabbitMQ312, false), (.rabbitMQ40, false)]
    )
    func consumerTimeoutsAreCheckedSince312(_ personality: Personality, _ isTaken: Bool) throws {
        let broker = BrokerUnderTest { $0.personality = personality }
        let lines = try broker.connect().declare("q", ["x-consumer-timeout": "soon"])
        #expect(lines.first?.contains("queue.declare-ok") == isTaken, "\(lines)")
    }

    @Test(
        .keeps(.versions, "a queue's `x-consumer-timeout` holds since 3.12; before, all queues have the same time"),
        arguments: [(Personality.rabbitMQ310, false), (.rabbitMQ312, true), (.rabbitMQ40, true)]
    )
    func consumerTimeoutsHoldSince312(_ personality: Personality, _ holds: Bool) throws {
        let broker = BrokerUnderTest { $0.personality = personality }
        let a = try broker.connect()
        a.declare("q", ["x-consumer-timeout": .int32(1000)])
        a.publish("1", "q")
        a.get("q", noAck: false)
        #expect(broker.pass(milliseconds: 1000).isEmpty == !holds)
        let left = Int64(HubConfiguration().limits.acknowledgementMs) - 1000
        #expect(broker.pass(milliseconds: left - 1) == [])
        #expect(broker.pass(milliseconds: 1).isEmpty == holds)
    }

    @Test(.keeps(.versions, "messages may have 16 MiB since 4.0")) func messagesMayBe16MiBSince40() {
        var configuration = HubConfiguration()
        #expect(configuration.limits.messageBytesMax == 128 << 20)
        configuration.personality = .rabbitMQ40
        #expect(configuration.limits.messageBytesMax == 16 << 20)
        configuration.limits.messageBytesMax = 5
        configuration.personality = .rabbitMQ313
        #expect(configuration.limits.messageBytesMax == 5, "a limit of one's own stays")
    }
}
