import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: ResetConnection", .timeLimit(.minutes(5)))
struct ResetConnectionTests {
    @Test func theSocketIsResetAndTheEffectIsThere() async throws {
        try await FaultScene.with("queue=q:reset_connection") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(try await client.next() == .end)
            #expect(await scene.hub.waitUntil(.connections(0)))
            #expect(scene.hub.messages(in: "q").count == 1)
        }
    }

    @Test func afterSoManyBytes() {
        var wire = FaultyWire()
        wire.strike(.reset(afterBytes: 3), at: .start, generation: 1)
        wire.put([1, 2], at: .start, generation: 1)
        wire.put([3, 4], at: .start, generation: 1)
        #expect(wire.next(at: .start) == FaultyWire.Parcel(due: .start, bytes: [1, 2]))
        #expect(wire.next(at: .start) == FaultyWire.Parcel(due: .start, bytes: [3], ending: .reset))
    }

    /// It may strike while the connection is being opened.
    @Test func atTheLogin() async throws {
        try await FaultScene.with("at=connect,nth=1:reset_connection") { scene in
            if let client = try? await RawClient.loggedIn(port: scene.hub.port) {
                while try await client.next() != .end {}
            }
            #expect(await scene.hub.waitUntil(.connections(0)))
            _ = try await scene.client()
            #expect(scene.hub.snapshot().connections.count == 1)
        }
    }

    @Test func atTheLoginInProcess() async throws {
        try await FaultScene.with("at=connect,nth=1:reset_connection") { scene in
            await #expect(throws: HubError.self) { try await scene.hub.inProcess().connect() }
            #expect(scene.hub.snapshot().connections.isEmpty)
            _ = try await scene.inProcess()
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:reset_connection") { scene in
            let connection = try await scene.inProcess()
            await #expect(throws: HubError.closed("connection reset")) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            }
            #expect(await scene.hub.waitUntil(.connections(0)))
        }
    }
}
