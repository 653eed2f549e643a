import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: ReturnPublish", .timeLimit(.minutes(5)))
struct ReturnPublishTests {
    @Test func itComesBackAndIsConfirmed() async throws {
        try await FaultScene.with("queue=q:return_publish") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(try await client.line().contains("basic.return reply-code=312"))
            _ = try await client.next()
            _ = try await client.next()
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            #expect(scene.hub.messages(in: "q").isEmpty)
        }
    }

    /// In a transaction it comes back with the commit, before the answer, and where that is undone, never.
    @Test func inATransaction() async throws {
        try await FaultScene.with("queue=q:return_publish") { scene in
            let client = try await RawClient.withChannel(port: scene.hub.port)
            _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
            _ = try await client.ask(.txSelect)
            try await client.publish("a", "q")
            #expect("\(try await client.ask(.txRollback))".contains("tx.rollback-ok"))
            try await client.publish("b", "q")
            #expect("\(try await client.ask(.basicGet(BasicGet(queue: "q"))))".contains("basic.get-empty"))
            try await client.send(.txCommit, channel: 1)
            #expect(try await client.line().contains("basic.return reply-code=312"))
            _ = try await client.next()
            #expect(try await client.next() == .frame(.body(channel: 1, Array("b".utf8))))
            #expect(try await client.line().contains("tx.commit-ok"))
            #expect(scene.hub.messages(in: "q").isEmpty)
        }
    }

    @Test func inProcess() async throws {
        try await FaultScene.with("queue=q:return_publish") { scene in
            let connection = try await scene.inProcess()
            await #expect(throws: HubError.returned(code: 312, text: "NO_ROUTE")) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: false)
            }
        }
    }
}
