/// A known mistake that fails as this run did.
public struct Guess: Sendable, Hashable {
    /// The name of the simulator's broken mode: `StorageSimulator --mode NAME` makes the same mistake.
    public var mode: String
    public var title: String
    public var requirement: String
    /// How alike the patterns of failures are, in percent.
    public var percent: Int
}

/// Compares a pattern of failures with those of known mistakes.
public enum Diagnosis {
    /// The nearest known mistakes, the likeliest first, at most three.
    public static func guesses(for results: [CheckResult], among mistakes: [KnownMistake]) -> [Guess] {
        let failed = Dictionary(
            results.filter { $0.outcome == .fail || $0.outcome == .warn }.map { ($0.id, $0.reason ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
        guard !failed.isEmpty else { return [] }
        // What did not run says nothing for or against.
        let ran = Set(results.filter { [.pass, .fail, .warn].contains($0.outcome) }.map(\.id))
        let guesses = mistakes.compactMap { mistake -> Guess? in
            let wanted = mistake.failures.filter { ran.contains($0.key) }
            guard !wanted.isEmpty else { return nil }
            var likeness = 0.0
            // All that failed, and what passed and should have failed.
            var whole = Double(failed.count)
            for (check, reason) in wanted {
                if let found = failed[check] {
                    // The same check for another reason tells less.
                    likeness += found == reason ? 1 : 0.3
                } else {
                    // What fails only sometimes tells less by passing.
                    whole += mistake.sometimes.contains(check) ? 0.5 : 1
                }
            }
            let percent = Int(100 * likeness / whole)
            return Guess(
                mode: mistake.mode,
                title: mistake.title,
                requirement: mistake.requirement,
                percent: percent
            )
        }
        return Array(
            guesses.filter { $0.percent >= 15 }.sorted { ($1.percent, $0.mode) < ($0.percent, $1.mode) }.prefix(3)
        )
    }
}
