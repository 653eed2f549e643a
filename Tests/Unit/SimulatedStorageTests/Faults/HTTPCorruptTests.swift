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
                try bench.storage.faults.arm(FaultPlan(shortForm: "route=GET *:http_corrupt:count=3", seed: 5))
                answers.append(try await bench.get(name(of: bytes)).bytes)
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].reduce(0) { $0 + $1.nonzeroBitCount } == 3)
        }
    }

    /// Where there is no body, nothing can be seen of it: such a request is none that it strikes.
    @Test(
        arguments: [
            "http_corrupt", "http_truncate:bytes=1", "http_dribble:bytes_per_s=1000000",
            "at=before_effect:http_corrupt",
        ]
    )
    func whatHasNoBodyIsNotCounted(rule: String) async throws {
        try await AssetBench.run { bench in
            let bytes: [UInt8] = [1, 2, 3]
            let asset = name(of: bytes)
            try await bench.put(bytes)
            let isOfRequests = rule.hasPrefix("at=")
            let plan = try FaultPlan(shortForm: isOfRequests ? rule : "*:\(rule)")
            let (_, report) = try await bench.storage.withFaults(plan) { () async throws in
                let path = "/api/v2/assets/\(asset)"
                #expect(try await bench.send("HEAD", path).status == 200)
                #expect(try await bench.get(asset, headers: [("If-None-Match", "\"\(asset)\"")]).status == 304)
                #expect(try await bench.get(asset, headers: [("If-None-Match", "*")]).status == 304)
                if isOfRequests {
                    #expect(try await bench.get(asset).bytes == bytes)
                    #expect(try await bench.send("PUT", path).code == "EMPTY_FILE")
                }
                #expect(try await bench.send("DELETE", path).status == 204)
            }
            #expect(report.rules.map(\.matched) == [0] && report.neverFired.count == 1)
            // What was written down plays the same: the request says what it was spared.
            var replay = JournalReplay()
            for entry in bench.storage.journal.entries(after: 0).entries { try replay.play(entry.json) }
            replay.finish()
            #expect(replay.isSame && replay.judged > 0)
        }
    }

    @Test func bitsOfTheRequestAreFlippedAndTheDigestTells() async throws {
        try await AssetBench.run { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: "route=PUT *,at=before_effect:http_corrupt"))
            let answer = try await bench.put([1, 2, 3])
            #expect(answer.status == 400 && answer.code == "DIGEST_MISMATCH")
        }
    }
}
