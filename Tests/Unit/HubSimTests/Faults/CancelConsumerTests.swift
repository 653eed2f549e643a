import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: CancelConsumer", .timeLimit(.minutes(1)))
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
