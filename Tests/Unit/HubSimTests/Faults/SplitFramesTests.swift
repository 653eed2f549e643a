import AMQP
import MessageHub
import RabbitMQ
import Testing

@testable import HubSim

@Suite("Fault: SplitFrames", .timeLimit(.minutes(5)))
struct SplitFramesTests {
    @Test func framesComeInPiecesAndWhole() async throws {
        try await FaultScene.with("*:split_frames:bytes=3") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: Array("hello".utf8)), to: .queue("q"))
            #expect(try await client.delivery() == "1: hello")
        }
    }

    @Test func piecesAreAsSmallAsTheyShallBe() {
        var wire = FaultyWire()
        wire.strike(.slices(bytes: 3), at: .start, generation: 1)
        wire.put([1, 2, 3, 4, 5, 6, 7], at: .start, generation: 1)
        var pieces: [[UInt8]] = []
        while let parcel = wire.next(at: .start) { pieces.append(parcel.bytes) }
        #expect(pieces == [[1, 2, 3], [4, 5, 6], [7]])
    }

    /// librabbitmq puts the frames together as well.
    @Test func aWholeClientWorks() async throws {
        try await FaultScene.with("*:split_frames") { scene in
            let options = RabbitMQOptions(connectionName: "slices")
            let connection = try await RabbitMQHub(try HubURL(scene.hub.url), options).connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
            try await connection.publish(HubMessage(body: [1, 2]), to: .queue("q"), mandatory: true)
            let deliveries = try await connection.consume(queue: "q", prefetch: 1)
            #expect(await deliveries.first { _ in true }?.message.body == [1, 2])
            await connection.close()
        }
    }
}
