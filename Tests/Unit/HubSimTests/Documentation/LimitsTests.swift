import Foundation
import HubSim
import Testing

/// `docs/hubsim-limits.md` is what `HubSimLimits` says of itself.
@Suite("Documented limits")
struct LimitsTests {
    private static let source = "/Sources/HubSim/Configuration/HubSimLimits.swift"

    @Test func areThoseOfTheSource() throws {
        let comments = try Self.comments()
        let rows = try Mirror(reflecting: HubSimLimits()).children.map { label, value in
            let name = try #require(label)
            let comment = try #require(comments[name], "\(name) has no comment")
            return "| `\(name)` | \(Self.shown(try #require(Int("\(value)")), of: name)) | \(comment) |"
        }
        let text = """
            # The limits of HubSim

            Written by a run of the tests (`UPDATE_DOCS=1 swift test --filter LimitsTests`) from `HubSimLimits`, whose fields
            these are: `configuration.limits.queuesMax = 100`.

            | limit | default | what, and what happens there |
            |---|---:|---|
            \(rows.joined(separator: "\n"))

            """
        try GeneratedDocument(name: "hubsim-limits.md").holds(text, by: "LimitsTests")
    }

    /// The comment of every variable.
    private static func comments() throws -> [String: String] {
        var comments: [String: String] = [:]
        var words: [Substring] = []
        let text = try String(contentsOfFile: GeneratedDocument.repository() + source, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let comment = line.firstMatch(of: /^ *\/\/\/ (.*)$/)?.1 {
                words.append(comment)
            } else {
                if let name = line.firstMatch(of: /public var ([A-Za-z]+)/)?.1 {
                    comments[String(name)] = words.joined(separator: " ")
                }
                words = []
            }
        }
        return comments
    }

    /// A number in the unit that its name gives.
    private static func shown(_ value: Int, of name: String) -> String {
        if name.contains("Bytes") {
            return value.isMultiple(of: 1 << 20) ? "\(value >> 20) MiB" : "\(value >> 10) KiB"
        }
        if name.hasSuffix("Ms") { return "\(value / 1000) s" }
        return "\(value)"
    }
}
