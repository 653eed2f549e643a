import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Delay", .timeLimit(.minutes(5)))
struct DelayTests {
    @Test(arguments: ["received", "before_effect", "after_effect", "before_reply", "after_reply", "before_ack"])
    func theRequestWaits(at phase: String) async throws {
        try await FaultBench.run("create_image,at=\(phase):delay:200ms") { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.first?.code == nil)
            #expect(bench.clock.elapsed >= .milliseconds(200))
            #expect(try await bench.images == 1)
        }
    }

    @Test func whatTheRuleDoesNotFitDoesNotWait() async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "get_image:delay:60m"))
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("list_images", id: "op")
            try await connection.waitForAcknowledged()
        }
        #expect(bench.clock.elapsed == .zero)
    }
}
