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
            // Which of two is held or answered sooner is left to chance: so others come until one has overtaken it.
            var others = 0
            repeat {
                others += 1
                connection.deliver("list_images", id: "other-\(others)")
                try await connection.waitForAcknowledged(others)
            } while !connection.replies.contains { $0.json["operation_id"] == "first" }
            #expect(connection.replies.first?.json["operation_id"] == "other-1")
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
