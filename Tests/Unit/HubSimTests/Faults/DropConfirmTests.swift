import AMQP
import FaultPlan
import Testing

@testable import HubSim

@Suite("Fault: DropConfirm", .timeLimit(.minutes(5)))
struct DropConfirmTests {
    @Test func theEffectIsThereAndLaterConfirmsDoNotSpeakForIt() async throws {
        try await FaultScene.with("queue=q,nth=2:drop_confirm") { scene in
            let client = try await scene.client()
            try await client.publish("a", "q")
            #expect(try await client.line() == "1 method basic.ack delivery-tag=1")
            for body in ["b", "c", "d"] { try await client.publish(body, "q") }
            #expect(try await client.line() == "1 method basic.ack delivery-tag=3")
            #expect(try await client.line() == "1 method basic.ack delivery-tag=4")
            #expect(scene.hub.messages(in: "q").count == 4)
        }
    }

    /// Without confirms there is none to hold back: the rule says so by never firing.
    @Test func aChannelWithoutConfirmsIsNotStruck() async throws {
        try await HubSim.withHub(.forTests) { hub in
            let client = try await RawClient.withChannel(port: hub.port)
            _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
            let (_, report) = try await hub.withFaults(FaultPlan(shortForm: "*,id=a:drop_confirm")) {
                try await client.publish("a", "q")
                #expect(await hub.waitUntil(.ready(in: "q", atLeast: 1)))
            }
            #expect(report.neverFired == ["a"])
        }
    }
}
