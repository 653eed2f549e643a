import Testing

@testable import HubSim

/// `docs/hubsim-rules.md` says what this run has found.
@Suite("Table of rules", .timeLimit(.minutes(5)))
struct RuleTableTests {
    private static let document = GeneratedDocument(name: "hubsim-rules.md")

    @Test(.enabled(if: !ExternalHub.isRecording)) func tellsWhatThisRunHasFound() async throws {
        let recorded = try Transcripts.read()
        let reasons = try Transcripts.knownDifferences()
        #expect(Set(recorded.heard.keys) == Set(Scenario.all.map(\.name)))
        try await Self.play(recorded)
        var played: [RuleTable.Played] = []
        for scenario in Scenario.all {
            let expected = try #require(recorded.heard[scenario.name], "not recorded: \(scenario.name)")
            let heard = try await ScenarioOutcomes.ofThisRun.heard(scenario, hearing: expected)
            var difference: String?
            if heard != expected {
                let reason: String = try #require(reasons[scenario.name], "differs: \(scenario.name)")
                difference = reason
            }
            played.append(RuleTable.Played(scenario: scenario, recorded: expected, difference: difference))
        }
        let tested = try KeptRule.all.map { rule in
            RuleTable.Tested(group: rule.group, rule: rule.rule, test: try rule.testName())
        }
        #expect(!tested.isEmpty)
        let table = RuleTable(recordedFrom: recorded.recordedFrom, played: played, tested: tested)
        try Self.document.holds(table.markdown, by: "RuleTableTests")
    }

    /// Plays all that is recorded, a few scenarios at once.
    private static func play(_ recorded: Transcripts) async throws {
        try await withThrowingTaskGroup(of: Void.self) { plays in
            for (index, scenario) in Scenario.all.enumerated() {
                guard let expected = recorded.heard[scenario.name] else { continue }
                if index >= 8 { try await plays.next() }
                plays.addTask { _ = try await ScenarioOutcomes.ofThisRun.heard(scenario, hearing: expected) }
            }
            try await plays.waitForAll()
        }
    }

    @Test(arguments: [
        (
            ["1 method queue.declare-ok queue=\"t.q\" message-count=2 consumer-count=0"],
            ["queue.declare-ok (messages: 2)"]
        ),
        (
            [
                "b: 1 method channel.close reply-code=404 reply-text=\"NOT_FOUND - no 'q' \\\"x\\\"\" class-id=50 method-id=10"
            ],
            ["b: channel.close 404 NOT_FOUND - no 'q' \"x\""]
        ),
        (
            [
                "1 method basic.deliver consumer-tag=\"t\" delivery-tag=1 redelivered exchange=\"\" routing-key=\"t.q\"",
                "1 header basic body-size=1", "1 body '1'",
            ],
            ["basic.deliver redelivered '1'"]
        ), (["1 method basic.ack delivery-tag=2 multiple"], ["basic.ack 2 multiple"]),
        (["2 method tx.select-ok", "2 method tx.select-ok"], ["tx.select-ok on channel 2 ×2"]),
        (["end"], ["end of the connection"]),
    ])
    func linesAreShortened(_ lines: [String], _ short: [String]) {
        #expect(TranscriptLine.summary(lines) == short)
    }
}
