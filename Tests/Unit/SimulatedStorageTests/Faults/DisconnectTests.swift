import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Disconnect", .timeLimit(.minutes(1)))
struct DisconnectTests {
    @Test(arguments: [
        ("received", 0, 0), ("before_effect", 0, 0), ("after_effect", 1, 0), ("before_reply", 1, 0),
        ("after_reply", 1, 1), ("before_ack", 1, 1),
    ])
    func itEndsAtThePointAndWhatIsNotAcknowledgedComesAgain(phase: String, images: Int, replies: Int) async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "create_image,at=\(phase):disconnect:2s:x1"))
        let first = ScriptedConnection()
        first.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: first) }
        #expect(FaultReport(rules: bench.storage.faults.report()).neverFired.isEmpty)
        #expect(first.acknowledged == [])
        #expect(first.replies.count == replies)
        #expect(try await bench.images == images)
        // Back after its time, it still knows what it did.
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.count == 1 && connection.replies[0].code == nil)
        }
        #expect(bench.clock.elapsed >= .seconds(2))
        #expect(try await bench.images == 1)
    }
}
