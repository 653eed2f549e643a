import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPReset", .timeLimit(.minutes(5)))
struct HTTPResetTests {
    @Test(arguments: [("received", "", 404), ("before_reply", "", 200), ("before_reply", ":bytes=2", 200)])
    func theConnectionIsReset(phase: String, bytes: String, later: Int) async throws {
        try await AssetBench.run { bench in
            let plan = try FaultPlan(shortForm: "route=PUT *,at=\(phase):http_reset\(bytes)")
            let (_, report) = try await bench.storage.withFaults(plan) {
                await #expect(throws: (any Error).self) { try await bench.put([1, 2, 3]) }
            }
            #expect(report.neverFired == [])
            #expect(try await bench.get(name(of: [1, 2, 3])).status == later)
        }
    }
}
