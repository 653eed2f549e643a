import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: RefuseAuthentication", .timeLimit(.minutes(5)))
struct RefuseAuthenticationTests {
    @Test func theNamedConnectionIsRefused() async throws {
        try await FaultScene.with("connection=bad*:refuse_authentication") { scene in
            let client = try await RawClient(port: scene.hub.port)
            try await client.sendHeader()
            _ = try await client.next()
            try await client.send(.connectionStartOk(.plain(properties: ["connection_name": "bad one"])))
            #expect(try await client.line().contains("connection.close reply-code=403"))
            _ = try await scene.client()
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("nth=1:refuse_authentication") { scene in
            await #expect { try await scene.inProcess() } throws: { error in
                guard case .refused(403, _) = error as? HubError else { return false }
                return true
            }
        }
    }
}
