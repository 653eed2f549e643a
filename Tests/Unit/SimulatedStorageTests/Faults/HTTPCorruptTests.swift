import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: HTTPCorrupt", .timeLimit(.minutes(5)))
struct HTTPCorruptTests {
    @Test func bitsOfTheAnswerAreFlippedTheSameInEveryRun() async throws {
        try await AssetBench.run { bench in
            let bytes = [UInt8](repeating: 0, count: 5000)
            try await bench.put(bytes)
            var answers: [[UInt8]] = []
            for _ in 0..<2 {
                bench.storage.faults.arm(try FaultPlan(shortForm: "route=GET *:http_corrupt:count=3", seed: 5))
                answers.append(try await bench.get(name(of: bytes)).bytes)
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].reduce(0) { $0 + $1.nonzeroBitCount } == 3)
        }
    }

    @Test func bitsOfTheRequestAreFlippedAndTheDigestTells() async throws {
        try await AssetBench.run { bench in
            bench.storage.faults.arm(try FaultPlan(shortForm: "route=PUT *,at=before_effect:http_corrupt"))
            let answer = try await bench.put([1, 2, 3])
            #expect(answer.status == 400 && answer.code == "DIGEST_MISMATCH")
        }
    }
}
