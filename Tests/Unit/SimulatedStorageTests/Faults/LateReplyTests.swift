import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: LateReply", .timeLimit(.minutes(5)))
struct LateReplyTests {
    @Test(arguments: [(3000, 3200), (nil, 5200)])
    func theReplyComesAfterTheDeadline(expirationMs: Int?, elapsedMs: Int) async throws {
        try await FaultBench.run("create_image:late_reply:200ms") { bench, connection in
            let request = StorageRequest(operation: "create_image", operationID: "op", data: .portrait)
            connection.deliver(HubMessage(body: request.encoded(), replyTo: "replies", expirationMs: expirationMs))
            try await connection.waitForAcknowledged()
            #expect(connection.replies.count == 1)
            #expect(bench.clock.elapsed >= .milliseconds(elapsedMs))
            #expect(try await bench.images == 1)
        }
    }
}
