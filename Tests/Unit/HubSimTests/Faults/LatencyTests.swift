import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: Latency", .timeLimit(.minutes(5)))
struct LatencyTests {
    @Test func everyAnswerComesLater() async throws {
        try await FaultScene.with("queue=q,at=publish:latency:300ms") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(await scene.hub.waitUntil(.ready(in: "q", atLeast: 1)))
            await scene.turn(ms: 299)
            #expect(try await client.nextIfThere() == nil)
            await scene.turn(ms: 1)
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            scene.hub.faults.disarm()
            #expect(
                try await client.ask(.basicQos(BasicQos())) == "1 method basic.qos-ok",
                "with the plan it has ended"
            )
        }
    }

    /// A queue is not known when a connection is opened: the first publish to it starts the latency.
    @Test func ofAQueueItBeginsWithThePublish() async throws {
        try await FaultScene.with("queue=q:latency:300ms:x1") { scene in
            let client = try await scene.client()
            try await client.publish("a", "other")
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            try await client.publish("a", "q")
            #expect(await scene.hub.waitUntil(.ready(in: "q", atLeast: 1)))
            #expect(try await client.nextIfThere() == nil)
            await scene.turn(ms: 300)
            #expect(try await client.line() == "1 method basic.ack delivery-tag=2")
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q,at=publish:latency:300ms") { scene in
            let connection = try await scene.inProcess()
            async let published: Void = connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            await scene.turn(ms: 300)
            try await published
        }
    }
}
