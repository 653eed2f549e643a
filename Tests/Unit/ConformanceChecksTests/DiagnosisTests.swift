import JSON
import Testing

@testable import ConformanceChecks

@Suite("Diagnosis") struct DiagnosisTests {
    private static let mistakes = [
        KnownMistake(
            mode: "first-and-second",
            title: "",
            requirement: "HUB-COR-001",
            failures: [Catalogue.checks[0].id: "a.reason", Catalogue.checks[1].id: "a.reason"]
        ),
        KnownMistake(
            mode: "first-otherwise",
            title: "",
            requirement: "HUB-COR-001",
            failures: [Catalogue.checks[0].id: "another.reason"]
        ),
        KnownMistake(
            mode: "third",
            title: "",
            requirement: "HUB-COR-001",
            failures: [Catalogue.checks[2].id: "a.reason"]
        ),
    ]

    @Test func theNearestPatternIsNamedFirst() {
        let results = SampleReport.report([.fail, .fail, .pass]).results
        let guesses = Diagnosis.guesses(for: results, among: Self.mistakes)
        #expect(guesses.map(\.mode) == ["first-and-second", "first-otherwise"])
        #expect(guesses.first?.percent == 100)
    }

    @Test func whatDidNotRunSaysNothing() {
        let results = SampleReport.report([.fail, .couldNotRun, .pass]).results
        #expect(Diagnosis.guesses(for: results, among: Self.mistakes).first?.percent == 100)
    }

    /// A mistake that shows in other checks in every run, beside one that always shows in the first of them.
    @Test(
        arguments: [
            ([.fail, .pass, .fail, .fail], "here-and-there"), ([.fail, .pass, .pass, .pass], "first-otherwise"),
        ]
            as [([Outcome], String)]
    )
    func whatFailsOnlySometimesTellsLessByPassing(outcomes: [Outcome], mode: String) {
        let failures = Dictionary(uniqueKeysWithValues: Catalogue.checks.prefix(4).map { ($0.id, "a.reason") })
        let mistake = KnownMistake(
            mode: "here-and-there",
            title: "",
            requirement: "HUB-COR-001",
            failures: failures,
            sometimes: Set(failures.keys)
        )
        var always = Self.mistakes[1]
        always.failures = [Catalogue.checks[0].id: "a.reason"]
        let guesses = Diagnosis.guesses(for: SampleReport.report(outcomes).results, among: [mistake, always])
        #expect(guesses.first?.mode == mode)
        let strict = KnownMistake(mode: "strict", title: "", requirement: "HUB-COR-001", failures: failures)
        let percents = Diagnosis.guesses(for: SampleReport.report(outcomes).results, among: [mistake, strict])
            .map(\.percent)
        #expect(percents.count == 2 && percents[0] > percents[1])
    }

    @Test func whatFailedInOneOfTwoRunsFailsSometimes() throws {
        let now = KnownMistake(
            mode: "m",
            title: "t",
            requirement: "HUB-COR-001",
            failures: ["a": "r.new", "b": "r", "new": "r"]
        )
        let earlier = KnownMistake(
            mode: "m",
            title: "old",
            requirement: "HUB-COR-001",
            failures: ["a": "r.old", "c": "r", "d": "r", "gone": "r"],
            sometimes: ["d", "gone"]
        )
        let both = now.joined(with: earlier, checks: ["a", "b", "c", "d", "new"], new: ["new"])
        #expect(both.failures == ["a": "r.new", "b": "r", "c": "r", "d": "r", "new": "r"])
        #expect(both.sometimes == ["b", "c", "d"])
        #expect(both.title == "t")
        let written = try JSONValue(parsing: both.json.encoded())
        #expect(KnownMistake(written) == both)
    }

    @Test func theListOfKnownMistakesCanBeRead() {
        #expect(KnownMistake.all.count > 200)
        for mistake in KnownMistake.all { #expect(mistake.sometimes.isSubset(of: mistake.failures.keys)) }
    }

    @Test func withoutAFailureThereIsNothingToGuess() {
        #expect(Diagnosis.guesses(for: SampleReport.report([.pass]).results, among: Self.mistakes).isEmpty)
    }

    @Test(
        arguments: [
            (["a": 1], ["a": 2], "/a"), (["a": ["b": [1, 2]]], ["a": ["b": [1, 3]]], "/a/b/1"),
            (["a": 1, "b": 2], ["a": 1], "/b"), ([1], [1, 2], "/1"), ("x", "y", "/"),
        ] as [(JSONValue, JSONValue, String)]
    )
    func theFirstDifferenceIsFound(expected: JSONValue, actual: JSONValue, path: String) {
        #expect(Difference.first(expected: expected, actual: actual)?.path == path)
    }

    @Test(arguments: [(["a": 1], ["a": 1, "more": 2]), ([], [])] as [(JSONValue, JSONValue)])
    func fieldsBeyondTheExpectedOnesAreFree(expected: JSONValue, actual: JSONValue) {
        #expect(Difference.first(expected: expected, actual: actual) == nil)
    }
}
