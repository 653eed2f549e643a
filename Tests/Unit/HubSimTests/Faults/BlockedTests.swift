import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: Blocked", .timeLimit(.minutes(5)))
struct BlockedTests {
    @Test func thePublisherIsToldAndNotRead() async throws {
        try await FaultScene.with("queue=q,nth=1:blocked:700ms") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(try await client.line().contains("connection.blocked reason=\"low on memory\""))
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            try await client.publish("b", "q")
            await scene.turn(ms: 699)
            #expect(scene.hub.messages(in: "q").count == 1)
            await scene.turn(ms: 1)
            #expect(try await client.line().contains("connection.unblocked"))
            #expect(try await client.line() == "1 method basic.ack delivery-tag=2")
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q,nth=1:blocked:700ms") { scene in
            let connection = try await scene.inProcess()
            var events = connection.events.makeAsyncIterator()
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            #expect(await events.next() == .blocked(reason: "low on memory"))
            await scene.turn(ms: 700)
            #expect(await events.next() == .unblocked)
            try await connection.publish(HubMessage(body: [2]), to: .queue("q"), mandatory: true)
        }
    }
}
