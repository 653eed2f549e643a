import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPDelay", .timeLimit(.minutes(5)))
struct HTTPDelayTests {
    @Test(arguments: ["received", "before_reply"])
    func itTakesItsTime(phase: String) async throws {
        try await AssetBench.run { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: "route=PUT *,at=\(phase):http_delay:60s"))
            #expect(try await bench.put([1, 2, 3]).status == 201)
            #expect(bench.clock.elapsed == .seconds(60))
        }
    }
}
