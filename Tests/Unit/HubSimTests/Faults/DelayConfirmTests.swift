import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: DelayConfirm", .timeLimit(.minutes(5)))
struct DelayConfirmTests {
    @Test func itComesLater() async throws {
        try await FaultScene.with("queue=q,nth=1:delay_confirm:500ms") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(await scene.hub.waitUntil(.ready(in: "q", atLeast: 1)))
            try await client.publish("b", "q")
            #expect(try await client.line() == "1 method basic.ack delivery-tag=2")
            await scene.turn(ms: 500)
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:delay_confirm:500ms") { scene in
            let connection = try await scene.inProcess()
            async let published: Void = connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            #expect(await scene.hub.waitUntil(.ready(in: "q", atLeast: 1)))
            await scene.turn(ms: 500)
            try await published
        }
    }
}
