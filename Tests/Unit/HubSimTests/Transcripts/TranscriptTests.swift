import AMQP
import FoundationEssentials
import Testing

@testable import HubSim

/// Everything that scenarios hear is what RabbitMQ says.
///
/// With `TEST_HUB_URL` they run on that hub instead. With `RECORD_TRANSCRIPTS` too, what they hear there is recorded.
@Suite("Transcripts of RabbitMQ", .timeLimit(.minutes(5)))
struct TranscriptTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let externalPort = environment["TEST_HUB_URL"].flatMap { URLComponents(string: $0)?.port ?? 5672 }
    private static let isRecording = environment["RECORD_TRANSCRIPTS"] != nil
    private static let recorded = Result { try Transcripts.read() }
    private static let differences = Result { try Transcripts.knownDifferences() }

    @Test(.enabled(if: !isRecording), arguments: Scenario.all)
    func hears(_ scenario: Scenario) async throws {
        let expected = try #require(try Self.recorded.get().heard[scenario.name], "not recorded")
        let reason = try Self.differences.get()[scenario.name]
        let heard: [[String]]
        if let port = Self.externalPort {
            heard = try await play(scenario, on: port, hearing: expected)
        } else {
            heard = try await HubSim.withHub(.forTests) { try await play(scenario, on: $0.port, hearing: expected) }
        }
        if let reason, Self.externalPort == nil {
            #expect(heard != expected, "listed as a difference, and is none: \(reason)")
        } else {
            #expect(heard == expected)
        }
    }

    @Test func nothingIsRecordedOrListedThatIsNotPlayed() throws {
        let names = Scenario.all.map(\.name)
        #expect(Set(names).count == names.count)
        if Self.isRecording { return }
        #expect(Set(try Self.recorded.get().heard.keys) == Set(names))
        #expect(Set(try Self.differences.get().keys).isSubset(of: names))
    }

    /// One after the other, for they share queues. Silence is the only sign that a hub has said all, so this takes long.
    @Test(.enabled(if: isRecording))
    func record() async throws {
        let port = try #require(Self.externalPort)
        var heard: [String: [[String]]] = [:]
        for scenario in Scenario.all {
            heard[scenario.name] = try await withClient(port) { client in
                var answers: [[String]] = []
                for step in scenario.steps {
                    try await client.send(frames: step)
                    answers.append(try await client.linesUntilSilence())
                    if answers.last?.last?.hasPrefix("0 method connection.close ") ?? false { break }
                }
                return answers
            }
        }
        try Transcripts(recordedFrom: "RabbitMQ 3.10.8", heard: heard).write()
    }

    /// Says every step and listens to as many frames as are expected, then makes sure that nothing else comes.
    private func play(_ scenario: Scenario, on port: Int, hearing expected: [[String]]) async throws -> [[String]] {
        try await withClient(port) { client in
            var heard: [[String]] = []
            for (step, answers) in zip(scenario.steps, expected) {
                try await client.send(frames: step)
                var lines: [String] = []
                while lines.count < answers.count {
                    let event = try await client.next()
                    guard case .frame(let frame) = event else {
                        lines.append("\(event)")
                        return heard + [lines]
                    }
                    lines.append(frame.line)
                    // From here on it goes another way than expected; to wait for more could be for ever.
                    if !answers.starts(with: lines) { return heard + [lines] }
                }
                heard.append(lines)
            }
            if heard.joined().contains(where: { $0.contains(" method connection.close ") }) { return heard }
            // A question on a channel of its own: its answer must be the next thing that comes.
            try await client.send(.channelOpen, channel: 99)
            let last = try await client.next()
            return last == .frame(.method(channel: 99, .channelOpenOk)) ? heard : heard + [["\(last)"]]
        }
    }

    private func withClient<Result>(
        _ port: Int,
        _ body: (RawClient) async throws -> Result
    ) async throws -> Result {
        let client = try await RawClient.withChannel(port: port)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}
