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
