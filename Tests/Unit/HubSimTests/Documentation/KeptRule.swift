import Foundation
import Synchronization
import Testing

/// Says of a test that it shows a rule of RabbitMQ's which no transcript can show: one of time, memory, permissions.
///
///     @Test(.keeps(.time, "a message expires when its time is over")) func …
///
/// The rule stands in `docs/hubsim-rules.md` with the test's name.
struct KeptRule: TestTrait, Hashable {
    let group: RuleGroup
    let rule: String
    let file: String
    let line: Int

    private static let known = Mutex<Set<KeptRule>>([])

    /// The rules of all tests: their traits are made before the first of them runs, whichever of them do.
    static var all: [KeptRule] {
        known.withLock { $0 }.sorted { ($0.group.rawValue, $0.file, $0.line) < ($1.group.rawValue, $1.file, $1.line) }
    }

    fileprivate init(group: RuleGroup, rule: String, file: String, line: Int) {
        (self.group, self.rule, self.file, self.line) = (group, rule, file, line)
        Self.known.withLock { [self] in _ = $0.insert(self) }
    }

    /// The test that shows it, `Suite.function`: the first function from where the trait is written.
    func testName() throws -> String {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let functions = lines.dropFirst(line - 1).lazy.compactMap { $0.firstMatch(of: /func ([A-Za-z0-9]+)/)?.1 }
        let function = try #require(functions.first { _ in true })
        return "\(URL(filePath: file).deletingPathExtension().lastPathComponent).\(function)"
    }
}

extension Trait where Self == KeptRule {
    /// The test shows this rule.
    static func keeps(
        _ group: RuleGroup,
        _ rule: String,
        file: String = #filePath,
        line: Int = #line
    ) -> KeptRule {
        KeptRule(group: group, rule: rule, file: file, line: line)
    }
}
