import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: LostWrite", .timeLimit(.minutes(5)))
struct LostWriteTests {
    @Test(arguments: StoreUnderTest.allCases)
    func theReplySaysYesAndNothingIsKept(on store: StoreUnderTest) async throws {
        try await FaultBench.run("create_image:lost_write", store: store) { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            let id = try #require(connection.replies.first?.id)
            connection.deliver("get_image", ["image_id": .string(id)], id: "get")
            try await connection.waitForAcknowledged(2)
            #expect(connection.replies.last?.code == "IMAGE_NOT_FOUND")
            #expect(try await bench.images == 0)
            #expect(try await bench.storage.core.usage().operations == 0)
        }
    }

    @Test func whatOnlyReadsHasNothingToLose() async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "*:lost_write"))
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("list_images", id: "op")
            try await connection.waitForAcknowledged()
        }
        #expect(FaultReport(rules: bench.storage.faults.report()).neverMatched == ["lost_write-1"])
    }
}
