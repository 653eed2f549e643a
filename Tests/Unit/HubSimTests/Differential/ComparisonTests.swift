import FoundationEssentials
import Testing

@testable import HubSim

/// HubSim beside another hub: RabbitMQ, where `TEST_HUB_URL` names one. One after the other, for they share its queues.
///
/// `RECORD_TRANSCRIPTS` records there what all scenarios hear, `RECORD_TRANSCRIPTS=missing` what those hear that are not
/// recorded yet.
@Suite("HubSim beside another hub", .serialized, .timeLimit(.minutes(60)))
struct ComparisonTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let operationCount = 40

    /// What was recorded is heard again.
    @Test(.enabled(if: !ExternalHub.isRecording && ExternalHub.port != nil))
    func isHeardAgain() async throws {
        let port = try #require(ExternalHub.port)
        let recorded = try Transcripts.read().heard
        for scenario in Scenario.all {
            let expected = try #require(recorded[scenario.name])
            try await ScenarioPlayer.clean(port)
            var heard = try await ScenarioPlayer.play(scenario, on: port, hearing: expected)
            if heard != expected {
                // RabbitMQ may not have carried out what has no answer when the next thing is asked: now with pauses.
                try await ScenarioPlayer.clean(port)
                heard = try await ScenarioPlayer.play(scenario, on: port)
            }
            #expect(heard == expected, "\(scenario.name)")
        }
    }

    @Test(.enabled(if: ExternalHub.isRecording))
    func record() async throws {
        let port = try #require(ExternalHub.port)
        var transcripts = Transcripts(recordedFrom: "RabbitMQ 3.10.8", heard: [:])
        if ExternalHub.recordsMissing { transcripts = try Transcripts.read() }
        let names = Set(Scenario.all.map(\.name))
        transcripts.heard = transcripts.heard.filter { names.contains($0.key) }
        for scenario in Scenario.all where transcripts.heard[scenario.name] == nil {
            try await ScenarioPlayer.clean(port)
            transcripts.heard[scenario.name] = try await ScenarioPlayer.play(scenario, on: port)
            // Each at once, so that nothing is lost where it breaks off.
            try transcripts.write()
        }
    }

    /// Random operations have the same effect: on RabbitMQ for `DIFFERENTIAL_SECONDS` (60), else on a second HubSim and
    /// briefly. `DIFFERENTIAL_SEED` says where to begin; a failure names its seed, and the scenario that is left when
    /// everything that is not needed for it was taken out.
    @Test(.enabled(if: !ExternalHub.isRecording)) func randomOperationsHaveTheSameEffect() async throws {
        let port = ExternalHub.port
        let seed = Self.environment["DIFFERENTIAL_SEED"].flatMap { UInt64($0) }
        let seconds = Self.environment["DIFFERENTIAL_SECONDS"].flatMap { Int($0) } ?? 60
        let deadline = ContinuousClock.now + .seconds(seconds)
        // Beside a RabbitMQ another part of the space each time; alone always the same.
        let first = seed ?? (port == nil ? 1 : UInt64.random(in: 0...UInt64(UInt32.max)))
        var run: UInt64 = 0
        repeat {
            if let difference = try await Self.difference(seed: first &+ run, port) {
                Issue.record("DIFFERENTIAL_SEED=\(first &+ run)\n\(difference)")
                return
            }
            run += 1
        } while port == nil ? run < 4 : ContinuousClock.now < deadline
        if port != nil { print("Random operations: \(run) runs from DIFFERENTIAL_SEED=\(first)") }
    }

    /// The first difference with this seed, without what is not needed for it.
    private static func difference(seed: UInt64, _ port: Int?) async throws -> Comparison.Difference? {
        let comparison = Comparison(port: port)
        var generator = OperationGenerator(seed: seed)
        var waiting = generator.beginning()[...]
        var left = operationCount
        var found = try await comparison.run { hub in
            if let operation = waiting.popFirst() { return operation }
            left -= 1
            return left < 0 ? nil : generator.next(hub)
        }
        guard let all = found?.operations else { return nil }
        _ = try await Shrinking<Operation>().shrink(all) { operations in
            var rest = operations[...]
            guard let shorter = try await comparison.run({ _ in rest.popFirst() }) else { return false }
            found = shorter
            return true
        }
        return found
    }

    /// What is taken out is taken out; what is needed stays.
    @Test func shrinking() async {
        let shrunk = await Shrinking<Int>().shrink(Array(1...40)) { $0.contains(7) && $0.contains(23) }
        #expect(shrunk == [7, 23])
    }
}
