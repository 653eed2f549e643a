import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: DropReply", .timeLimit(.minutes(5)))
struct DropReplyTests {
    @Test(arguments: StoreUnderTest.allCases)
    func theEffectIsThereAndNoReply(on store: StoreUnderTest) async throws {
        try await FaultBench.run("create_image:drop_reply:x1", store: store) { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.isEmpty)
            #expect(try await bench.images == 1)
            // Asked again, it says what it would have said.
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged(2)
            #expect(connection.replies.count == 1 && connection.replies[0].code == nil)
            #expect(try await bench.images == 1)
        }
    }
}
