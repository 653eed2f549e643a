import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Redeliver", .timeLimit(.minutes(5)))
struct RedeliverTests {
    @Test(arguments: ["received", "before_effect", "after_effect", "before_reply", "after_reply", "before_ack"])
    func itGoesBackAndComesAgain(at phase: String) async throws {
        try await FaultBench.run("create_image,at=\(phase):redeliver:count=2") { bench, connection in
            // The test is the hub: what is given back is delivered again.
            for tag in 1...2 {
                connection.deliver("create_image", .portrait, id: "op")
                try await connection.wait { $0.actions.contains(.rejected(UInt64(tag), requeue: true)) }
            }
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.acknowledged == [3])
            #expect(Set(connection.replies.map(\.id)).count == 1)
            #expect(try await bench.images == 1)
        }
    }
}
