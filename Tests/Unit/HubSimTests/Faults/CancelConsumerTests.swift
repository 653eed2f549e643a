import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: CancelConsumer", .timeLimit(.minutes(5)))
struct CancelConsumerTests {
    @Test func afterTheDelivery() async throws {
        try await FaultScene.with("queue=q:cancel_consumer") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: [97]), to: .queue("q"))
            #expect(try await client.delivery() == "1: a")
            #expect(try await client.line().contains("basic.cancel consumer-tag=\"t\""))
            #expect(scene.hub.snapshot().queue("q")?.consumerCount == 0)
            try await client.acknowledge(1)
            #expect(await scene.hub.waitUntil(.empty("q")))
        }
    }

    /// What the broker has computed behind the struck delivery has not gone out, and stays in the queue as it was.
    @Test(arguments: [false, true]) func theRestOfTheBacklogStays(noAck: Bool) async throws {
        try await FaultScene.with("queue=q,nth=2:cancel_consumer") { scene in
            let client = try await scene.client()
            for body in "abcde".utf8 { try scene.hub.publish(HubMessage(body: [body]), to: .queue("q")) }
            try await client.consume(noAck: noAck)
            #expect(try await client.delivery() == "1: a")
            #expect(try await client.delivery() == "2: b")
            #expect(try await client.line().contains("basic.cancel consumer-tag=\"t\""))
            let queue = try #require(scene.hub.snapshot().queue("q"))
            #expect(queue.readyCount == 3)
            #expect(queue.unackedCount == (noAck ? 0 : 2))
            try await client.consume(noAck: noAck)
            #expect(try await client.delivery() == "3: c", "as if it had never been on its way")
            #expect(try await client.delivery() == "4: d")
            #expect(try await client.delivery() == "5: e")
            try await client.acknowledge(noAck ? 0 : 5, multiple: true)
            #expect(await scene.hub.waitUntil(.empty("q")))
        }
    }

    /// Another consumer gets at once what was taken back.
    @Test func anotherConsumerGoesOn() async throws {
        try await FaultScene.with("queue=q,nth=1:cancel_consumer") { scene in
            let client = try await scene.client()
            for body in "abc".utf8 { try scene.hub.publish(HubMessage(body: [body]), to: .queue("q")) }
            try await client.send(
                .method(channel: 1, .basicConsume(BasicConsume(queue: "q", consumerTag: "t"))),
                .method(channel: 1, .basicConsume(BasicConsume(queue: "q", consumerTag: "u")))
            )
            _ = try await client.next()
            #expect(try await client.delivery() == "1: a")
            #expect(try await client.line().contains("basic.consume-ok consumer-tag=\"u\""))
            #expect(try await client.line().contains("basic.cancel consumer-tag=\"t\""))
            #expect(try await client.delivery() == "2: b")
            #expect(try await client.delivery() == "3: c")
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:cancel_consumer") { scene in
            let connection = try await scene.inProcess()
            let deliveries = try await connection.consume(queue: "q", prefetch: 1)
            try scene.hub.publish(HubMessage(body: [1]), to: .queue("q"))
            var bodies: [[UInt8]] = []
            for await delivery in deliveries { bodies.append(delivery.message.body) }
            #expect(bodies == [[1]], "the stream has ended after it")
        }
    }
}
