import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: ErrorReply", .timeLimit(.minutes(5)))
struct ErrorReplyTests {
    @Test(arguments: [("before_effect", 0), ("after_effect", 1)], StoreUnderTest.allCases)
    func theAnswerIsAnError(at point: (phase: String, images: Int), on store: StoreUnderTest) async throws {
        let (phase, images) = point
        try await FaultBench.run("create_image,at=\(phase):error:code=STORAGE_FULL:x1", store: store) {
            bench,
            connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.first?.code == "STORAGE_FULL")
            #expect(try await bench.images == images)
            // A retry finds a storage that is well again, and one effect in all.
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged(2)
            #expect(connection.replies.last?.code == nil)
            #expect(try await bench.images == 1)
        }
    }

    @Test func withoutACodeItIsAnInternalError() async throws {
        try await FaultBench.run("*:error") { _, connection in
            connection.deliver(HubMessage(body: Array("no JSON".utf8), replyTo: "replies"))
            try await connection.waitForAcknowledged()
            #expect(connection.replies.first?.code == "INTERNAL_ERROR")
        }
    }
}
