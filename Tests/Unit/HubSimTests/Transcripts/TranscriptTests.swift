import AMQP
import FoundationEssentials
import Testing

@testable import HubSim

/// Everything that scenarios hear is what RabbitMQ says.
///
/// `ComparisonTests` records it, and plays it on RabbitMQ again.
@Suite("Transcripts of RabbitMQ", .timeLimit(.minutes(5)))
struct TranscriptTests {
    private static let recorded = Result { try Transcripts.read() }
    private static let differences = Result { try Transcripts.knownDifferences() }

    @Test(.enabled(if: !ExternalHub.isRecording), arguments: Scenario.all)
    func hears(_ scenario: Scenario) async throws {
        let expected = try #require(try Self.recorded.get().heard[scenario.name], "not recorded")
        let reason = try Self.differences.get()[scenario.name]
        let heard = try await ScenarioOutcomes.ofThisRun.heard(scenario, hearing: expected)
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
        if ExternalHub.isRecording { return }
        #expect(Set(try Self.recorded.get().heard.keys) == Set(names))
        #expect(Set(try Self.differences.get().keys).isSubset(of: names))
    }
}

/// The hub that was set up beside the tests, if there is one.
enum ExternalHub {
    private static let environment = ProcessInfo.processInfo.environment
    static let port = environment["TEST_HUB_URL"].flatMap { URLComponents(string: $0)?.port ?? 5672 }
    static let isRecording = environment["RECORD_TRANSCRIPTS"] != nil
    static let recordsMissing = environment["RECORD_TRANSCRIPTS"] == "missing"
}
