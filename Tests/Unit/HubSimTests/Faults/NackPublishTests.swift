import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: NackPublish", .timeLimit(.minutes(5)))
struct NackPublishTests {
    @Test func theSecondPublishIsRefusedAndHasNoEffect() async throws {
        try await FaultScene.with("queue=q,nth=2:nack_publish") { scene in
            let client = try await scene.client()
            for body in ["a", "b", "c"] { try await client.publish(body, "q") }
            var answers: Set<String> = []
            while !answers.contains("1 method basic.ack delivery-tag=3") { answers.insert(try await client.line()) }
            #expect(answers.contains("1 method basic.nack delivery-tag=2 multiple requeue"))
            #expect(scene.hub.messages(in: "q").map { String(decoding: $0.body, as: UTF8.self) } == ["a", "c"])
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:nack_publish") { scene in
            let connection = try await scene.inProcess()
            await #expect(throws: HubError.nacked) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            }
            #expect(scene.hub.messages(in: "q").isEmpty)
        }
    }
}
