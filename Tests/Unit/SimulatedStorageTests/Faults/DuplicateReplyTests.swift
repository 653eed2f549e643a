import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: DuplicateReply", .timeLimit(.minutes(5)))
struct DuplicateReplyTests {
    @Test func copiesFollow() async throws {
        try await FaultBench.run("create_image:duplicate_reply:count=2:ms=50") { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            let replies = connection.published(to: "replies")
            #expect(replies.count == 3 && Set(replies.map(\.message)).count == 1)
            #expect(try await bench.images == 1)
            #expect(bench.clock.elapsed >= .milliseconds(100))
        }
    }
}
