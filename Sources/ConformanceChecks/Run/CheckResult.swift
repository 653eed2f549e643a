import JSON

/// What came of one check.
public struct CheckResult: Sendable {
    public var id: String
    public var title: String
    public var profile: Profile
    public var requirements: [String]
    public var outcome: Outcome
    /// The stable name of why; `nil` for a pass.
    public var reason: String?
    /// For people; `nil` for a pass.
    public var message: String?
    public var expected: JSONValue?
    public var actual: JSONValue?
    public var startedMs: Int
    public var durationMs: Int
    public var evidence: [Evidence]
    /// Messages beyond the limit of what is kept.
    public var evidenceOmitted: Int

    /// Where the reply that came first differs from a right one.
    public var firstDifference: Difference? {
        guard let expected, let actual else { return nil }
        return Difference.first(expected: expected, actual: actual)
    }
}
