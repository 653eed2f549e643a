import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: RefuseConnection", .timeLimit(.minutes(5)))
struct RefuseConnectionTests {
    @Test func theFirstIsResetAndSoAreOthersForAWhile() async throws {
        try await FaultScene.with("nth=1:refuse_connection:1s") { scene in
            for _ in 0..<2 {
                // Either the reset comes before a byte, or sending finds it.
                let client = try? await RawClient(port: scene.hub.port)
                #expect(try await client?.next() ?? .end == .end)
            }
            await scene.clock.advance(by: .seconds(1))
            _ = try await scene.client()
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("nth=1:refuse_connection") { scene in
            await #expect(throws: HubError.unreachable("connection reset")) { try await scene.inProcess() }
            _ = try await scene.inProcess()
        }
    }
}
