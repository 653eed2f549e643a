import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: Bandwidth", .timeLimit(.minutes(5)))
struct BandwidthTests {
    @Test func aKilobyteTakesItsTime() async throws {
        try await FaultScene.with("queue=q,at=delivery:bandwidth:bytes_per_s=1000") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: Array(repeating: 97, count: 1000)), to: .queue("q"))
            await scene.turn(ms: 500)
            #expect(scene.hub.snapshot().queue("q")?.unackedCount == 1)
            for _ in 0..<20 { await scene.clock.advance(by: .milliseconds(50)) }
            #expect(try await client.delivery().count == 1003)
        }
    }

    @Test func bytesPerSecondAreKept() {
        var wire = FaultyWire()
        wire.strike(.bandwidth(bytesPerSecond: 1000), at: .start, generation: 1)
        wire.put(Array(repeating: 1, count: 1000), at: .start, generation: 1)
        #expect(wire.waitingBytes == 1000)
        var got = 0
        for ms in stride(from: Int64(0), through: 1000, by: 50) {
            while let parcel = wire.next(at: Instant(microseconds: ms * 1000)) { got += parcel.bytes.count }
            #expect(got == ms)
            #expect(wire.waitingBytes == 1000 - got)
        }
    }
}
