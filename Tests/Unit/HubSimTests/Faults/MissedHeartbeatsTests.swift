import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: MissedHeartbeats", .timeLimit(.minutes(5)))
struct MissedHeartbeatsTests {
    @Test func theClientIsTakenForDead() async throws {
        try await FaultScene.with("*:missed_heartbeats:unheard", heartbeatSeconds: 10) { scene in
            let client = try await RawClient.loggedIn(
                port: scene.hub.port,
                tune: ConnectionTuneOk(channelMax: 10, frameMax: 131_072, heartbeat: 10)
            )
            // Signs of life do not help; to turn the clock for two intervals does.
            while !scene.hub.snapshot().connections.isEmpty {
                try? await client.send(.heartbeat)
                await scene.clock.advance(by: .seconds(1))
            }
            var last = try await client.next()
            while last == .frame(.heartbeat) { last = try await client.next() }
            #expect(last == .end)
        }
    }

    @Test func theHubSendsNone() async throws {
        try await FaultScene.with("*:missed_heartbeats", heartbeatSeconds: 10) { scene in
            let client = try await RawClient.loggedIn(
                port: scene.hub.port,
                tune: ConnectionTuneOk(channelMax: 10, frameMax: 131_072, heartbeat: 10)
            )
            for _ in 0..<3 {
                await scene.turn(ms: 5000)
                try await client.send(.heartbeat)
            }
            try await client.send(.channelOpen, channel: 1)
            #expect(try await client.line() == "1 method channel.open-ok", "no heartbeat before it")
        }
    }
}
