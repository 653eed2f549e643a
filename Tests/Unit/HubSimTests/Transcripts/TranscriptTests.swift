import AMQP
import FoundationEssentials
import Testing

@testable import HubSim

/// Everything that scenarios hear is what RabbitMQ says.
///
/// With `TEST_HUB_URL` they run on that hub instead. With `RECORD_TRANSCRIPTS` too, what they hear there is recorded:
/// of all scenarios, or with `RECORD_TRANSCRIPTS=missing` of those that are not recorded yet.
@Suite("Transcripts of RabbitMQ", .timeLimit(.minutes(isRecording ? 60 : 5)))
struct TranscriptTests {
    private static let recorded = Result { try Transcripts.read() }
    private static let differences = Result { try Transcripts.knownDifferences() }

    @Test(.enabled(if: !isRecording && ExternalHub.port == nil), arguments: Scenario.all)
    func hears(_ scenario: Scenario) async throws {
        let expected = try #require(try Self.recorded.get().heard[scenario.name], "not recorded")
        let reason = try Self.differences.get()[scenario.name]
        let heard = try await HubSim.withHub(.forTests) { hub in
            try await ScenarioPlayer.play(scenario, on: hub.port, hearing: expected)
        }
        if let reason {
            #expect(heard != expected, "listed as a difference, and is none: \(reason)")
        } else {
            #expect(heard == expected)
        }
    }

    @Test func nothingIsRecordedOrListedThatIsNotPlayed() throws {
        let names = Scenario.all.map(\.name)
        let twice = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(twice.isEmpty)
        if isRecording { return }
        #expect(Set(try Self.recorded.get().heard.keys) == Set(names))
        #expect(Set(try Self.differences.get().keys).isSubset(of: names))
    }

    /// What was recorded is heard again. One after the other, for they share queues.
    @Test(.enabled(if: !isRecording && ExternalHub.port != nil))
    func isHeardAgain() async throws {
        let port = try #require(ExternalHub.port)
        let recorded = try Self.recorded.get().heard
        for scenario in Scenario.all {
            let expected = try #require(recorded[scenario.name])
            try await ScenarioPlayer.clean(port)
            let heard = try await ScenarioPlayer.play(scenario, on: port, hearing: expected)
            #expect(heard == expected, "\(scenario.name)")
        }
    }

    @Test(.enabled(if: isRecording))
    func record() async throws {
        let port = try #require(ExternalHub.port)
        var transcripts = Transcripts(recordedFrom: "RabbitMQ 3.10.8", heard: [:])
        if ExternalHub.recordsMissing { transcripts = try Self.recorded.get() }
        let names = Set(Scenario.all.map(\.name))
        transcripts.heard = transcripts.heard.filter { names.contains($0.key) }
        for scenario in Scenario.all where transcripts.heard[scenario.name] == nil {
            try await ScenarioPlayer.clean(port)
            transcripts.heard[scenario.name] = try await ScenarioPlayer.play(scenario, on: port)
            // Each at once, so that nothing is lost where it breaks off.
            try transcripts.write()
        }
    }
}

private let isRecording = ExternalHub.isRecording

/// The hub that was set up beside the tests, if there is one.
enum ExternalHub {
    private static let environment = ProcessInfo.processInfo.environment
    static let port = environment["TEST_HUB_URL"].flatMap { URLComponents(string: $0)?.port ?? 5672 }
    static let isRecording = environment["RECORD_TRANSCRIPTS"] != nil
    static let recordsMissing = environment["RECORD_TRANSCRIPTS"] == "missing"
}
