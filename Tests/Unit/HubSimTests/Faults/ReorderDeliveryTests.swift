import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: ReorderDelivery", .timeLimit(.minutes(5)))
struct ReorderDeliveryTests {
    @Test func theNextOneOvertakesItAndTagsGoOnGrowing() async throws {
        try await FaultScene.with("queue=q,nth=1:reorder_delivery") { scene in
            let client = try await scene.client()
            try await client.consume()
            for body in UInt8(97)...99 { try scene.hub.publish(HubMessage(body: [body]), to: .queue("q")) }
            #expect(try await client.delivery() == "1: b")
            #expect(try await client.delivery() == "2: a")
            #expect(try await client.delivery() == "3: c")
            // The first tag stands for b: it alone is settled.
            try await client.acknowledge(1)
            _ = try await client.ask(
                .channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0))
            )
            #expect(scene.hub.messages(in: "q").map(\.body) == [[97], [99]])
        }
    }

    @Test func severalMayOvertakeIt() async throws {
        try await FaultScene.with("queue=q,nth=1:reorder_delivery:count=2") { scene in
            let client = try await scene.client()
            try await client.consume(noAck: true)
            for body in UInt8(97)...99 { try scene.hub.publish(HubMessage(body: [body]), to: .queue("q")) }
            var seen: [String] = []
            for _ in 0..<3 { seen.append(try await client.delivery()) }
            #expect(seen.map { $0.suffix(1) } == ["b", "c", "a"])
        }
    }

    @Test(arguments: [1, 10])
    func nobodyComesAndItGoesInTime(prefetch: Int) async throws {
        try await FaultScene.with("queue=q,nth=1:reorder_delivery:200ms") { scene in
            let connection = try await scene.inProcess()
            let deliveries = try await connection.consume(queue: "q", prefetch: prefetch)
            try scene.hub.publish(HubMessage(body: [1]), to: .queue("q"))
            await scene.turn(ms: 200)
            #expect(await deliveries.first { _ in true }?.message.body == [1])
        }
    }
}
