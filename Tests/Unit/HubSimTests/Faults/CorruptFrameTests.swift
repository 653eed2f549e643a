import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: CorruptFrame", .timeLimit(.minutes(5)))
struct CorruptFrameTests {
    @Test func aFramesEndIsWrong() async throws {
        try await FaultScene.with("queue=q:corrupt_frame:end") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: [97]), to: .queue("q"))
            await #expect(throws: ProtocolError.self) { _ = try await client.next() }
        }
    }

    /// The same plan does the same damage.
    @Test func damageIsDrawnFromTheSeed() throws {
        var writer = FrameWriter()
        try writer.method(.basicAck(BasicAck(deliveryTag: 1)), channel: 1)
        let frame = writer.bytes
        for part in [FrameDamage.payload, .type, .end] {
            let damaged = FrameDamaging.damage(frame + frame, part, draw: 12_345, count: 1)
            #expect(damaged == FrameDamaging.damage(frame + frame, part, draw: 12_345, count: 1))
            #expect(Array(damaged.dropFirst(frame.count)) == frame, "the first frame alone")
            let changed = zip(damaged, frame).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
            switch part {
            case .type: #expect(changed == [0])
            case .end: #expect(changed == [frame.count - 1])
            case .payload: #expect(changed.count == 1 && changed[0] >= 7 && changed[0] < frame.count - 1)
            }
        }
        #expect(FrameDamaging.damage([], .payload, draw: 1, count: 1) == [])
    }
}
