import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Stall", .timeLimit(.minutes(5)))
struct StallTests {
    @Test func everythingWaits() async throws {
        try await FaultBench.run("list_images,nth=1:stall:700ms") { bench, connection in
            connection.deliver("list_images", id: "first")
            connection.deliver("create_image", .portrait, id: "second")
            try await connection.waitForAcknowledged(2)
            #expect(bench.clock.elapsed >= .milliseconds(700))
        }
    }
}
