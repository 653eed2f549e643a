import JSON

/// The report for whoever looks at the terminal.
public enum TextReport {
    /// A line as a check ends.
    public static func line(of result: CheckResult) -> String {
        let end = result.reason.map { "  \($0): \(result.message ?? "")" } ?? ""
        return "\(mark(result.outcome)) \(result.id) (\(result.durationMs) ms)\(end)"
    }

    private static func mark(_ outcome: Outcome) -> String {
        switch outcome {
        case .pass: "ok  "
        case .fail: "FAIL"
        case .warn: "warn"
        case .notApplicable: "n/a "
        case .couldNotRun: "????"
        case .expectedFailure: "known"
        }
    }

    /// What to do about a run.
    public static func summary(of report: RunReport) -> String {
        var lines = [""]
        for result in report.results where [.fail, .warn].contains(result.outcome) {
            lines.append("\(mark(result.outcome)) \(result.id)  \(result.title)")
            lines += details(of: result).map { "     " + $0 }
            lines.append("")
        }
        // One obstacle often stands before many checks: it is told once.
        let obstacles = Dictionary(grouping: report.results.filter { $0.outcome == .couldNotRun }) {
            "\($0.reason ?? ""): \($0.message ?? "")"
        }
        for (obstacle, results) in obstacles.sorted(by: { $0.key < $1.key }) {
            lines.append("???? could not run (\(results.count)): \(obstacle)")
            lines.append("     " + results.map(\.id).joined(separator: ", "))
        }
        for entry in report.stale { lines.append("stale baseline entry: \(entry.check) \(entry.message)") }
        for fault in report.faults { lines.append("the checker broke: \(fault)") }
        if !report.guesses.isEmpty {
            lines.append("Known mistakes that fail most alike, by how much (StorageSimulator --mode NAME makes them):")
            for guess in report.guesses {
                lines.append("  \(guess.percent) %  \(guess.mode) (\(guess.requirement)): \(guess.title)")
            }
        }
        if report.imagesMade + report.assetsMade > 0 || !report.leftovers.isEmpty {
            lines.append(
                "Made \(report.imagesMade) images and \(report.assetsMade) assets; "
                    + (report.leftovers.isEmpty ? "nothing of it is left." : "left: \(report.leftovers.count):")
            )
            lines += report.leftovers.prefix(20).map { "  " + $0 }
        }
        if let reason = report.cutShort { lines.append("Cut short: \(reason).") }
        let counts = Outcome.allCases.filter { report.count($0) > 0 }.map { "\(report.count($0)) \($0.rawValue)" }
        lines.append("\(counts.joined(separator: ", ")) in \(report.durationMs) ms: \(report.verdict)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the sentences say, what was sent, what came and where it differs.
    static func details(of result: CheckResult) -> [String] {
        var lines: [String] = []
        if let reason = result.reason { lines.append("\(reason): \(result.message ?? "")") }
        for id in result.requirements {
            guard let requirement = Requirements.all[id] else { continue }
            lines.append("\(id) \(requirement.keyword): \(requirement.text) (\(requirement.link))")
        }
        if let difference = result.firstDifference {
            lines.append(
                "first difference at \(difference.path): should be \(text(difference.expected)), is \(text(difference.actual))"
            )
        }
        // The last exchange is what the verdict came from.
        if let sent = result.evidence.last(where: { $0.way == .sent }) { lines += told("sent", sent) }
        if let received = result.evidence.last(where: { $0.way == .received }) { lines += told("came", received) }
        return lines
    }

    /// A message with its properties and headers: enough to send it again.
    private static func told(_ way: String, _ message: Evidence) -> [String] {
        let fields = message.fields.map { "\($0.name): \(short($0.value))" }.joined(separator: ", ")
        return ["\(way) \(message.address) \(short(message.text))"] + (fields.isEmpty ? [] : ["     with \(fields)"])
    }

    static func text(_ value: JSONValue?) -> String {
        value.map { short(String(decoding: $0.encoded(), as: UTF8.self)) } ?? "nothing"
    }

    private static func short(_ text: String) -> String {
        text.count > 400 ? String(text.prefix(400)) + "…" : text
    }
}
