import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: CloseChannel", .timeLimit(.minutes(5)))
struct CloseChannelTests {
    @Test(arguments: [("406", "406", "PRECONDITION_FAILED"), ("NOT_FOUND", "404", "NOT_FOUND")])
    func insteadOfThePublish(code: String, number: String, name: String) async throws {
        try await FaultScene.with("queue=q,nth=2:close_channel:code=\(code)") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            _ = try await client.next()
            try await client.publish("b", "q")
            #expect(try await client.line().contains("channel.close reply-code=\(number) reply-text=\"\(name) - "))
            try await client.send(.channelCloseOk, channel: 1)
            #expect(try await client.ask(.channelOpen) == "1 method channel.open-ok")
            #expect(scene.hub.messages(in: "q").count == 1)
        }
    }

    @Test func insteadOfAnAcknowledgement() async throws {
        try await FaultScene.with("queue=q,at=acknowledge:close_channel") { scene in
            let client = try await scene.client()
            try await client.consume()
            try await client.publish("a", "q")
            var seen = ""
            while !seen.contains("basic.deliver") { seen = try await client.line() }
            try await client.acknowledge(1)
            while !seen.contains("channel.close") { seen = try await client.line() }
            #expect(scene.hub.messages(in: "q").count == 1, "what was not acknowledged is back")
        }
    }

    @Test func insteadOfADelivery() async throws {
        try await FaultScene.with("queue=q,at=delivery:close_channel") { scene in
            let client = try await scene.client()
            try scene.hub.publish(HubMessage(body: [1]), to: .queue("q"))
            try await client.consume()
            #expect(try await client.line().contains("channel.close"))
            #expect(scene.hub.messages(in: "q").count == 1)
        }
    }

    @Test func insteadOfADeclaration() async throws {
        try await FaultScene.with("queue=mine,at=declare:close_channel:code=403") { scene in
            let client = try await scene.client()
            #expect(try await client.ask(.queueDeclare(QueueDeclare(queue: "mine"))).contains("reply-code=403"))
        }
    }
}
