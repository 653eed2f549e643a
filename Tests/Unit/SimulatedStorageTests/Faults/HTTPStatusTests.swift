import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPStatus", .timeLimit(.minutes(5)))
struct HTTPStatusTests {
    @Test(arguments: [("before_effect", 404), ("after_effect", 200)])
    func theAnswerIsAnError(phase: String, later: Int) async throws {
        try await AssetBench.run { bench in
            let plan = try FaultPlan(shortForm: "route=PUT *,at=\(phase):http_status:status=502:code=BAD_GATEWAY")
            let (answer, report) = try await bench.storage.withFaults(plan) { try await bench.put([1, 2, 3]) }
            #expect(answer.status == 502 && answer.code == "BAD_GATEWAY")
            #expect(report.neverFired == [])
            #expect(try await bench.get(name(of: [1, 2, 3])).status == later)
        }
    }

    @Test func itIs503WhereNothingIsSaidAndHealthIsLeftAlone() async throws {
        try await AssetBench.run { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: "*:http_status"))
            #expect(try await bench.get(name(of: [1])).status == 503)
            #expect(try await bench.send("GET", "/health").status == 200)
        }
    }
}
