import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: TruncateFrame", .timeLimit(.minutes(5)))
struct TruncateFrameTests {
    @Test func theStreamEndsInTheMiddle() async throws {
        try await FaultScene.with("queue=q:truncate_frame:bytes=9") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: [97]), to: .queue("q"))
            #expect(try await client.next() == .end)
            #expect(await scene.hub.waitUntil(.ready(in: "q", atLeast: 1)), "it comes back to the queue")
        }
    }

    @Test func soManyBytesGetThrough() throws {
        var writer = FrameWriter()
        writer.heartbeat()
        var wire = FaultyWire()
        wire.strike(.truncate(bytes: 5), at: .start, generation: 1)
        wire.put(writer.bytes + writer.bytes, at: .start, generation: 1)
        wire.put([1], at: .start, generation: 1)
        #expect(wire.next(at: .start) == FaultyWire.Parcel(due: .start, bytes: [8, 0, 0, 0, 0], ending: .closed))
        #expect(wire.next(at: .start) == nil)
    }
}
