import ConformanceChecks
import JSON
import SimulatedStorage

/// What came of all checks against the storage in one mode.
public struct MatrixRow: Sendable {
    /// `nil`: the storage as it should be.
    public let mode: StorageMode?
    /// `nil`: the storage could not be run.
    public let report: RunReport?
    /// What failed or warned, with the reason.
    public let failures: [String: String]

    init(mode: StorageMode?, report: RunReport?) {
        self.mode = mode
        self.report = report
        failures = Dictionary(
            (report?.results ?? []).filter { $0.outcome == .fail || $0.outcome == .warn }.map {
                ($0.id, $0.reason ?? "")
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The checks that failed and stand for the sentence that the mode breaks.
    public var killers: [String] {
        guard let mode, !mode.isLegal else { return [] }
        return (report?.results ?? []).filter {
            failures[$0.id] != nil && !Set($0.requirements).isDisjoint(with: mode.requirements)
        }.map(\.id)
    }

    /// What is not as it has to be; empty: nothing.
    public var problems: [String] {
        guard let report else { return ["the storage could not be run"] }
        var problems = report.faults.map { "the checker broke: \($0)" }
        guard let mode, !mode.isLegal else {
            problems += report.results.filter { $0.outcome != .pass }.map {
                "\($0.id) \($0.outcome.rawValue): \($0.reason ?? ""): \($0.message ?? "")"
            }
            problems += report.leftovers.map { "left: \($0)" }
            return problems
        }
        if killers.isEmpty {
            let others = failures.isEmpty ? "nothing" : failures.keys.sorted().joined(separator: ", ")
            problems.append("not caught for \(mode.requirement): \(others) failed")
        }
        return problems
    }

    /// One line of the matrix.
    public var line: String {
        let name = mode?.name ?? "(reference)"
        let kind = mode.map { $0.isLegal ? "legal " : "broken" } ?? "right "
        let ms = report?.durationMs ?? 0
        guard problems.isEmpty else { return "FAIL \(kind) \(name) (\(ms) ms): \(problems.joined(separator: "; "))" }
        guard let mode, !mode.isLegal else { return "ok   \(kind) \(name) (\(ms) ms): passes everything" }
        let others = failures.keys.filter { !killers.contains($0) }.count
        let rest = others > 0 ? " and \(others) more" : ""
        let kills = killers.map { "\($0) [\(failures[$0] ?? "")]" }.joined(separator: ", ")
        return "ok   \(kind) \(name) (\(ms) ms): \(mode.requirement) by \(kills)\(rest)"
    }
}

/// Which check kills which mode.
public struct Matrix: Sendable {
    public let rows: [MatrixRow]
    let checks: [Check]
    /// Whether all checks were run against every mode, so that it tells which of them are proven.
    let isWhole: Bool
    /// From the beginning of the first run to the end of the last.
    public let duration: Duration

    /// Checks that no broken mode is caught by: nothing shows that they can fail.
    public var unproven: [String] {
        let proven = Set(rows.filter { $0.mode?.isLegal == false }.flatMap(\.failures.keys))
        return checks.map(\.id).filter { !proven.contains($0) }
    }

    public var problems: [String] {
        rows.flatMap { row in row.problems.map { "\(row.mode?.name ?? "reference"): \($0)" } }
            + (isWhole ? unproven.map { "\($0) is killed by no broken mode" } + unknown : [])
    }

    /// Where what the diagnosis compares with is not what is seen here. A check more or less may fail where the times
    /// are others; one that shows the mistake must be the same.
    private var unknown: [String] {
        let known = Dictionary(KnownMistake.all.map { ($0.mode, $0.failures) }, uniquingKeysWith: { first, _ in first })
        let broken = rows.filter { $0.mode?.isLegal == false }
        let names = Set(broken.compactMap { $0.mode?.name })
        return broken.compactMap { row in
            guard let name = row.mode?.name, !row.killers.isEmpty else { return nil }
            let failures = known[name] ?? [:]
            return row.killers.contains { failures[$0] == row.failures[$0] }
                ? nil : "\(name): the list of known mistakes says otherwise, or nothing"
        } + known.keys.filter { !names.contains($0) }.sorted().map { "\($0): a known mistake, and no mode" }
    }

    /// The matrix for people: the modes, then by check which modes it kills.
    public var text: String {
        var lines = rows.map(\.line)
        lines.append("")
        for check in checks {
            let modes = rows.filter { $0.mode?.isLegal == false && $0.failures[check.id] != nil }
            lines.append(
                "\(check.id): " + (modes.isEmpty ? "NONE" : modes.compactMap { $0.mode?.name }.joined(separator: ", "))
            )
        }
        lines.append("")
        lines.append(
            "\(checks.count) checks, \(brokenCount) broken modes, \(legalCount) legal modes in \(seconds) s: "
                + (problems.isEmpty ? "all as it should be" : "problems: \(problems.count)")
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private var brokenCount: Int { rows.count { $0.mode?.isLegal == false } }
    private var legalCount: Int { rows.count { $0.mode?.isLegal == true } }
    private var seconds: Int { Int((duration / .seconds(1)).rounded()) }

    /// What a diagnosis compares with: what is seen here, and what earlier runs have seen. A mode that is in the list and
    /// has failed otherwise then fails so sometimes.
    public var knownMistakes: [KnownMistake] {
        let checks = Set(checks.map(\.id))
        // The list has every check that there was: each fails with some mistake.
        let new = checks.subtracting(KnownMistake.all.flatMap(\.failures.keys))
        let known = Dictionary(KnownMistake.all.map { ($0.mode, $0) }, uniquingKeysWith: { first, _ in first })
        return rows.compactMap { row in
            guard let mode = row.mode, !mode.isLegal else { return nil }
            let mistake = KnownMistake(
                mode: mode.name,
                title: mode.summary,
                requirement: mode.requirement,
                failures: row.failures
            )
            if let earlier = known[mode.name] { return mistake.joined(with: earlier, checks: checks, new: new) }
            return mistake.failures.isEmpty ? nil : mistake
        }
    }

    /// For programs: how many there are of each, how long it took, what is wrong, and the known mistakes, each in a line of
    /// its own, so that a change is seen in a diff.
    public var json: String {
        let summary: JSONValue = [
            "checks": .integer(Int64(checks.count)), "broken_modes": .integer(Int64(brokenCount)),
            "legal_modes": .integer(Int64(legalCount)), "duration_ms": .integer(Int64(duration / .milliseconds(1))),
            "problems": .array(problems.map(JSONValue.string)),
        ]
        func text(_ value: JSONValue) -> String { String(decoding: value.encoded(), as: UTF8.self) }
        let lines = knownMistakes.sorted { $0.mode < $1.mode }.map { text($0.json) }
        return "{\"summary\":\(text(summary)),\n\"known_mistakes\":[\n\(lines.joined(separator: ",\n"))\n]}\n"
    }
}
