import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPDribble", .timeLimit(.minutes(5)))
struct HTTPDribbleTests {
    @Test func theBodyComesSlowlyAndWhole() async throws {
        try await AssetBench.run { bench in
            let bytes = [UInt8](repeating: 7, count: 1000)
            try await bench.put(bytes)
            try bench.storage.faults.arm(FaultPlan(shortForm: "route=GET *:http_dribble:bytes_per_s=10"))
            #expect(try await bench.get(name(of: bytes)).bytes == bytes)
            #expect(bench.clock.elapsed == .seconds(100))
        }
    }
}
