import JSON

/// A broken mode of the simulator and what fails with it: a row of the self-test's matrix.
public struct KnownMistake: Sendable, Hashable {
    public var mode: String
    public var title: String
    public var requirement: String
    /// Reason by check.
    public var failures: [String: String]
    /// Those of the checks that fail in some runs and pass in others, by what comes first.
    public var sometimes: Set<String>

    public init(
        mode: String,
        title: String,
        requirement: String,
        failures: [String: String],
        sometimes: Set<String> = []
    ) {
        self.mode = mode
        self.title = title
        self.requirement = requirement
        self.failures = failures
        self.sometimes = sometimes
    }

    /// The same mistake with what earlier runs have seen of it: what failed then or now alone fails sometimes.
    ///
    /// - Parameters:
    ///   - checks: the checks that there are; what was seen of others is forgotten.
    ///   - new: those of them that earlier runs did not have, so that nobody knows whether they would have failed.
    public func joined(with earlier: KnownMistake, checks: Set<String>, new: Set<String> = []) -> KnownMistake {
        let earlierFailures = earlier.failures.filter { checks.contains($0.key) }
        var both = self
        both.sometimes.formUnion(earlier.sometimes.intersection(checks))
        both.sometimes.formUnion(Set(failures.keys).symmetricDifference(earlierFailures.keys).subtracting(new))
        both.failures.merge(earlierFailures) { now, _ in now }
        return both
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "mode": .string(mode), "title": .string(title), "requirement": .string(requirement),
            "failures": .object(failures.mapValues(JSONValue.string)),
        ]
        if !sometimes.isEmpty { members["sometimes"] = .array(sometimes.sorted().map(JSONValue.string)) }
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let mode = json["mode"]?.string, let title = json["title"]?.string,
            let requirement = json["requirement"]?.string, let failures = json["failures"]?.object
        else { return nil }
        self.init(
            mode: mode,
            title: title,
            requirement: requirement,
            failures: failures.compactMapValues(\.string),
            sometimes: Set((json["sometimes"]?.array ?? []).compactMap(\.string))
        )
    }

    /// The matrix as it was when this build was made.
    public static let all: [KnownMistake] = {
        guard let json = try? JSONValue(parsing: PackageResources.known_mistakes_json),
            let list = json["known_mistakes"]?.array
        else {
            preconditionFailure("Cannot read known-mistakes.json")
        }
        return list.compactMap { KnownMistake($0) }
    }()
}
