import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPFull", .timeLimit(.minutes(5)))
struct HTTPFullTests {
    @Test func thereIsNoRoomForAnAsset() async throws {
        try await AssetBench.run { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: "*:http_full:x1"))
            #expect(try await bench.get(name(of: [1])).status == 404)
            let answer = try await bench.put([1, 2, 3])
            #expect(answer.status == 507 && answer.code == "STORAGE_FULL")
            #expect(try await bench.put([1, 2, 3]).status == 201)
        }
    }
}
