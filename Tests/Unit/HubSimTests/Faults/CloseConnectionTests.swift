import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: CloseConnection", .timeLimit(.minutes(5)))
struct CloseConnectionTests {
    @Test func insteadOfThePublish() async throws {
        try await FaultScene.with("queue=q:close_connection:code=541") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(try await client.line().contains("connection.close reply-code=541 reply-text=\"INTERNAL_ERROR - "))
            #expect(await scene.hub.waitUntil(.connections(0)))
            #expect(scene.hub.messages(in: "q").isEmpty)
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:close_connection") { scene in
            let connection = try await scene.inProcess()
            await #expect(throws: HubError.self) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            }
            #expect(await scene.hub.waitUntil(.connections(0)))
        }
    }
}
