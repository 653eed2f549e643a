import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: Crash", .timeLimit(.minutes(5)))
struct CrashTests {
    /// Where it strikes, and what there is of the request by then.
    struct Point: Sendable {
        let phase: String
        let images: Int
        let replies: Int
    }

    @Test(
        arguments: [
            Point(phase: "received", images: 0, replies: 0), Point(phase: "before_effect", images: 0, replies: 0),
            Point(phase: "after_effect", images: 1, replies: 0), Point(phase: "before_reply", images: 1, replies: 0),
            Point(phase: "after_reply", images: 1, replies: 1), Point(phase: "before_ack", images: 1, replies: 1),
        ],
        StoreUnderTest.allCases
    )
    func itEndsAtThePointAndWhatIsNotAcknowledgedComesAgain(at point: Point, on store: StoreUnderTest) async throws {
        let bench = FaultBench(
            plan: try FaultPlan(shortForm: "create_image,at=\(point.phase):crash:2s:x1"),
            store: store
        )
        let first = ScriptedConnection()
        first.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: first) }
        #expect(FaultReport(rules: bench.storage.faults.report()).neverFired.isEmpty)
        #expect(first.acknowledged == [])
        #expect(first.replies.count == point.replies)
        #expect(try await bench.images == point.images)
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
            let trouble = bench.storage.spaces.standard.trouble
            trouble.goDown(bench.storage.instance, until: .seconds(100_000), hasAssetsDown: true)
            await #expect(throws: (any Error).self) { try await bench.get(name) }
            // Nor does what is gone tell how it is.
            for path in ["/health", "/health/live", "/health/ready", "/nowhere"] {
                await #expect(throws: (any Error).self) { try await bench.send("GET", path) }
            }
            trouble.forget()
            #expect(try await bench.get(name).status == 200)
            #expect(try await bench.send("GET", "/health").status == 200)
        }
    }
}
