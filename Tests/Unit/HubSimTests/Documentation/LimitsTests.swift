import AMQP
import Foundation
import HubSim
import Testing

/// `docs/hubsim-limits.md` is what `HubSimLimits` says of itself.
@Suite("Documented limits")
struct LimitsTests {
    @Test func areThoseOfTheSource() throws {
        let rows = try Self.rows(HubSimLimits(), "/Sources/HubSim/Configuration/HubSimLimits.swift") { _ in true }
        // The one of frames does not strike here: a hub always agrees on a frame-max.
        let wireRows = try Self.rows(AMQP.Limits.standard, "/Sources/AMQP/Limits.swift") { $0.hasPrefix("table") }
        let text = """
            # The limits of HubSim

            Written by a run of the tests (`UPDATE_DOCS=1 swift test --filter LimitsTests`) from `HubSimLimits`, whose fields
            these are: `configuration.limits.queuesMax = 100`.

            | limit | default | what, and what happens there |
            |---|---:|---|
            \(rows.joined(separator: "\n"))

            Tables (arguments of methods, headers of messages) have limits of their own, which are fixed; RabbitMQ has none but the
            frame's size. The connection is closed there.

            | limit | value | what, and what happens there |
            |---|---:|---|
            \(wireRows.joined(separator: "\n"))

            """
        try GeneratedDocument(name: "hubsim-limits.md").holds(text, by: "LimitsTests")
    }

    /// A row for every field.
    private static func rows(_ limits: Any, _ source: String, where isShown: (String) -> Bool) throws -> [String] {
        let comments = try comments(in: source)
        return try Mirror(reflecting: limits).children.compactMap { label, value in
            let name = try #require(label)
            guard isShown(name) else { return nil }
            let comment = try #require(comments[name], "\(name) has no comment")
            return "| `\(name)` | \(shown(try #require(Int("\(value)")), of: name)) | \(comment) |"
        }
    }

    /// The comment of every variable.
    private static func comments(in source: String) throws -> [String: String] {
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
        if name.hasSuffix("Ms") { return value % 1000 == 0 ? "\(value / 1000) s" : "\(value) ms" }
        return "\(value)"
    }
}
