import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: DropDelivery", .timeLimit(.minutes(5)))
struct DropDeliveryTests {
    @Test func itComesBackWithTheEndOfTheChannel() async throws {
        try await FaultScene.with("queue=q,nth=1:drop_delivery") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: [97]), to: .queue("q"))
            try scene.hub.publish(HubMessage(body: [98]), to: .queue("q"))
            #expect(try await client.delivery() == "2: b")
            #expect(scene.hub.snapshot().queue("q")?.unackedCount == 2)
            _ = try await client.ask(
                .channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0))
            )
            #expect(scene.hub.messages(in: "q").count == 2)
        }
    }
}
