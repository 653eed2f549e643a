import JSON

/// A known mistake that fails as this run did.
public struct Guess: Sendable, Hashable {
    /// The name of the simulator's broken mode: `StorageSimulator --mode NAME` makes the same mistake.
    public var mode: String
    public var title: String
    public var requirement: String
    /// How alike the patterns of failures are, in percent.
    public var percent: Int
}

/// A broken mode of the simulator and what fails with it: a row of the self-test's matrix.
public struct KnownMistake: Sendable, Hashable {
    public var mode: String
    public var title: String
    public var requirement: String
    /// Reason by check.
    public var failures: [String: String]

    public init(mode: String, title: String, requirement: String, failures: [String: String]) {
        self.mode = mode
        self.title = title
        self.requirement = requirement
        self.failures = failures
    }

    public var json: JSONValue {
        [
            "mode": .string(mode), "title": .string(title), "requirement": .string(requirement),
            "failures": .object(failures.mapValues(JSONValue.string)),
        ]
    }

    init?(_ json: JSONValue) {
        guard let mode = json["mode"]?.string, let title = json["title"]?.string,
            let requirement = json["requirement"]?.string, let failures = json["failures"]?.object
        else { return nil }
        self.init(
            mode: mode,
            title: title,
            requirement: requirement,
            failures: failures.compactMapValues(\.string)
        )
    }

    /// The matrix as it was when this build was made.
    public static let all: [KnownMistake] = {
        guard let json = try? JSONValue(parsing: PackageResources.known_mistakes_json), let list = json.array else {
            preconditionFailure("Cannot read known-mistakes.json")
        }
        return list.compactMap { KnownMistake($0) }
    }()
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
            for (check, reason) in wanted {
                // The same check for another reason tells less.
                if let found = failed[check] { likeness += found == reason ? 1 : 0.3 }
            }
            let percent = Int(100 * likeness / Double(Set(wanted.keys).union(failed.keys).count))
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
