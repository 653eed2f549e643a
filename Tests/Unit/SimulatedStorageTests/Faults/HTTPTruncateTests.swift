import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPTruncate", .timeLimit(.minutes(5)))
struct HTTPTruncateTests {
    @Test func theBodyEndsBeforeItsEnd() async throws {
        try await AssetBench.run { bench in
            let bytes = [UInt8](repeating: 7, count: 5000)
            try await bench.put(bytes)
            let plan = try FaultPlan(shortForm: "route=GET /api/v2/assets/*:http_truncate:bytes=10")
            let (_, report) = try await bench.storage.withFaults(plan) {
                await #expect(throws: (any Error).self) { try await bench.get(name(of: bytes)) }
            }
            #expect(report.neverFired == [])
            #expect(try await bench.get(name(of: bytes)).bytes == bytes)
        }
    }
}
