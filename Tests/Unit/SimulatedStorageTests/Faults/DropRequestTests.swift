import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: DropRequest", .timeLimit(.minutes(5)))
struct DropRequestTests {
    @Test func itIsAcknowledgedAndNothingElse() async throws {
        try await FaultBench.run("create_image:drop_request") { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.isEmpty)
            #expect(try await bench.images == 0)
        }
    }
}
