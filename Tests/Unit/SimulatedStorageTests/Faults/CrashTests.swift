import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Crash", .timeLimit(.minutes(1)))
struct CrashTests {
    @Test(arguments: [
        ("received", 0, 0), ("before_effect", 0, 0), ("after_effect", 1, 0), ("before_reply", 1, 0),
        ("after_reply", 1, 1), ("before_ack", 1, 1),
    ])
    func itEndsAtThePointAndWhatIsNotAcknowledgedComesAgain(phase: String, images: Int, replies: Int) async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "create_image,at=\(phase):crash:2s:x1"))
        let first = ScriptedConnection()
        first.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: first) }
        #expect(FaultReport(rules: bench.storage.faults.report()).neverFired.isEmpty)
        #expect(first.acknowledged == [])
        #expect(first.replies.count == replies)
        #expect(try await bench.images == images)
        // Back after its time, it still knows what it did.
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.count == 1 && connection.replies[0].code == nil)
        }
        #expect(bench.clock.elapsed >= .seconds(2))
        #expect(try await bench.images == 1)
    }

    @Test func itsAssetAPIIsGoneWithItAndComesBack() async throws {
        try await AssetBench.run { bench in
            let name = name(of: [1, 2, 3])
            try await bench.put([1, 2, 3])
            bench.storage.spaces.standard.trouble.goDown(until: .seconds(100_000), hasAssetsDown: true)
            await #expect(throws: (any Error).self) { try await bench.get(name) }
            bench.storage.spaces.standard.trouble.forget()
            #expect(try await bench.get(name).status == 200)
        }
    }
}
