import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Reorder", .timeLimit(.minutes(5)))
struct ReorderTests {
    @Test func anotherReplyOvertakesIt() async throws {
        try await FaultBench.run("list_images,nth=1:reorder:60m", hasRealClock: true) { _, connection in
            connection.deliver("list_images", id: "first")
            connection.deliver("list_images", id: "second")
            try await connection.waitForAcknowledged(2)
            #expect(connection.replies.map { $0.json["operation_id"]?.string } == ["second", "first"])
        }
    }

    @Test func itComesWhereNoneDoes() async throws {
        try await FaultBench.run("list_images:reorder:300ms") { bench, connection in
            connection.deliver("list_images", id: "only")
            try await connection.waitForAcknowledged()
            #expect(bench.clock.elapsed >= .milliseconds(300))
        }
    }
}
