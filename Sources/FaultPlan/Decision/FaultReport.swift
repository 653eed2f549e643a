/// What the rules of a plan have seen and done.
///
///     let report = FaultReport(rules: faults.report())
///     #expect(report.neverFired.isEmpty)
public struct FaultReport: Sendable, Hashable {
    /// In the plan's order.
    public let rules: [FaultRuleReport]

    public init(rules: [FaultRuleReport]) { self.rules = rules }

    /// The rules that were armed for nothing, by their ids: a test that counts on them has not tested what it says.
    public var neverFired: [String] { rules.filter(\.neverFired).map(\.id) }

    /// The rules that nothing ever fitted, by their ids: most likely their match is not what was meant.
    public var neverMatched: [String] { rules.filter { $0.matched == 0 }.map(\.id) }
}
