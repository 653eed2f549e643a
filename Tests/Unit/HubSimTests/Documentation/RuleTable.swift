/// The table of rules as text: what clients do, what RabbitMQ answers, and whether the hub does.
struct RuleTable {
    /// A rule that a transcript shows.
    struct Played {
        let scenario: Scenario
        /// What RabbitMQ answered after each step.
        let recorded: [[String]]
        /// Why the hub answers otherwise; nil: it answers the same.
        let difference: String?
    }

    /// A rule that a test shows.
    struct Tested {
        let group: RuleGroup
        let rule: String
        let test: String
    }

    let recordedFrom: String
    let played: [Played]
    let tested: [Tested]

    /// The whole file.
    var markdown: String {
        ([introduction, totals] + RuleGroup.allCases.compactMap(section)).joined(separator: "\n\n") + "\n"
    }

    private var introduction: String {
        let differing = played.count { $0.difference != nil }
        return """
            # What HubSim keeps of RabbitMQ's rules

            Written by a run of the tests (`UPDATE_DOCS=1 swift test --filter RuleTableTests`); every later run compares.

            \(played.count) rules were recorded from \(recordedFrom), frame by frame, and are played to HubSim in every run:
            \(played.count - differing) are kept to the letter (the same methods, codes, texts and contents in the same order), \(differing) are not,
            each for a reason that is given. A rule that is said to differ and does not fails the run as well. \(tested.count) more
            rules, which a transcript cannot show, are shown by unit tests, which are named.

            Answers are shortened here: `nothing` is silence; header frames and most fields are left out; `b:` is the second
            client. The whole of them is in `fixtures/hubsim/transcripts/`, the scenarios in `Tests/Unit/HubSimTests/Transcripts`.
            """
    }

    private var totals: String {
        var lines = ["| about | recorded and kept | differing | by unit tests |", "|---|---:|---:|---:|"]
        for group in RuleGroup.allCases {
            let rules = played.filter { RuleGroup($0.scenario) == group }
            let differing = rules.count { $0.difference != nil }
            let shown = tested.count { $0.group == group }
            guard !rules.isEmpty || shown > 0 else { continue }
            lines.append("| \(group.rawValue) | \(rules.count - differing) | \(differing) | \(shown) |")
        }
        return lines.joined(separator: "\n")
    }

    private func section(_ group: RuleGroup) -> String? {
        let rules = played.filter { RuleGroup($0.scenario) == group }
        let shown = tested.filter { $0.group == group }
        guard !rules.isEmpty || !shown.isEmpty else { return nil }
        var lines = ["## \(group.rawValue)", ""]
        if !rules.isEmpty {
            lines += ["| rule | the client says | RabbitMQ answers | HubSim |", "|---|---|---|---|"]
            lines += rules.map(row)
        }
        if !rules.isEmpty, !shown.isEmpty { lines.append("") }
        if !shown.isEmpty {
            lines += ["| rule | shown by |", "|---|---|"]
            lines += shown.map { "| \(Self.cell($0.rule)) | `\($0.test)` |" }
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ rule: Played) -> String {
        let isFrameByFrame = RuleGroup(rule.scenario) == .frames
        let says = rule.scenario.steps.map { step in
            let header = step.hasHeader ? ["protocol header"] : []
            let frames = TranscriptLine.summary(step.frames.map(\.line), isFrameByFrame: isFrameByFrame)
            return (step.client == "a" ? "" : "\(step.client): ")
                + (header + frames + Self.octets(step.octets)).joined(separator: ", ")
        }
        let answers = rule.recorded.map { lines in
            lines.isEmpty ? "nothing" : TranscriptLine.summary(lines).joined(separator: ", ")
        }
        let verdict = rule.difference.map { "**differs**: \(Self.cell($0))" } ?? "kept"
        return "| \(Self.cell(rule.scenario.name)) | \(Self.code(says)) | \(Self.code(answers)) | \(verdict) |"
    }

    /// What is no frame, in hexadecimal; the beginning tells.
    private static func octets(_ octets: [UInt8]) -> [String] {
        guard !octets.isEmpty else { return [] }
        let shown = octets.prefix(32).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
        return [octets.count > 32 ? "octets \(shown) … (\(octets.count))" : "octets \(shown)"]
    }

    private static func code(_ words: [String]) -> String {
        TranscriptLine.counted(words).map { "`\(cell($0.replacing("`", with: "'"), isCode: true))`" }.joined(
            separator: "; "
        )
    }

    /// Text that does not end its cell.
    private static func cell(_ text: String, isCode: Bool = false) -> String {
        let line = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined().replacing("|", with: "\\|")
        return isCode ? line : line.replacing("*", with: "\\*").replacing("<", with: "&lt;")
    }
}
