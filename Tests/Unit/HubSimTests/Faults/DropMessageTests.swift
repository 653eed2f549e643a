import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: DropMessage", .timeLimit(.minutes(5)))
struct DropMessageTests {
    @Test func itIsConfirmedAndNoQueueGetsIt() async throws {
        try await FaultScene.with("get_image:drop_message") { scene in
            let client = try await scene.client()
            try await client.publish(#"{"operation":"get_image","data":{}}"#, "q")
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            try await client.publish(#"{"operation":"list_images"}"#, "q")
            try await client.publish("no JSON {", "q")
            // One confirm may say both.
            while !(try await client.line().hasPrefix("1 method basic.ack delivery-tag=3")) {}
            #expect(scene.hub.messages(in: "q").count == 2)
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("routing_key=q:drop_message") { scene in
            let connection = try await scene.inProcess()
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            #expect(scene.hub.messages(in: "q").isEmpty)
        }
    }
}
