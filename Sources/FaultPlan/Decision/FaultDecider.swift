/// Counts what rules see and decides which rule fires: the only state that an armed plan has.
///
/// Whether a rule fires is a pure function of (seed, rule id, key, nth). `nth` in a match counts the requests that the
/// rule's other conditions fit, in the order of their arrival; a chance is drawn from the count of the same key alone,
/// so that requests about different images do not change one another's luck.
///
///     var decider = FaultDecider(plan, armedAtMs: 0)
///     decider.decide(FaultSubject(operation: "get_image", imageID: id), among: [.delay], nowMs: 12)?.rule.id
public struct FaultDecider: Sendable {
    public let plan: FaultPlan
    private let armedAtMs: Int64
    /// Where each rule strikes.
    private let points: [FaultPhase?]
    private var counts: [RuleCount]
    /// Requests that no rule matched, by `FaultSubject.sort`.
    public private(set) var unmatched: [String: Int] = [:]

    /// Keys whose occurrences are counted apart for a rule with a chance; past it, further keys share one count.
    public static let keysMax = 100_000

    private struct RuleCount: Sendable {
        var matched = 0
        var fired = 0
        var byKey: [String: Int] = [:]
    }

    /// - Parameter armedAtMs: the time of arming, on the same clock as `decide`'s.
    public init(_ plan: FaultPlan, armedAtMs: Int64) {
        self.plan = plan
        self.armedAtMs = armedAtMs
        points = plan.rules.map(\.point)
        counts = Array(repeating: RuleCount(), count: plan.rules.count)
    }

    /// The first rule that fires for this subject, if any. Every rule before it, and it, have counted the subject.
    ///
    /// - Parameter kinds: those that can strike at this point. Rules with other kinds neither fire nor count here: a
    ///   rule about deliveries counts deliveries, however many publishes pass between them.
    /// - Parameter phase: the point itself, where kinds can strike at several: then rules about another one neither fire
    ///   nor count either.
    /// - Parameter spared: points at which a kind would find nothing to strike in this subject: rules with that kind at
    ///   that point neither fire nor count.
    public mutating func decide(
        _ subject: FaultSubject,
        among kinds: FaultKindSet,
        at phase: FaultPhase? = nil,
        sparing spared: Set<FaultPoint> = [],
        nowMs: Int64
    ) -> FaultDecision? {
        var isMatched = false
        defer { if !isMatched { pass(subject) } }
        for (index, rule) in plan.rules.enumerated() where kinds.contains(rule.fault.kind) {
            if let phase, phase != points[index] { continue }
            if !spared.isEmpty, let point = points[index],
                spared.contains(FaultPoint(kind: rule.fault.kind, phase: point))
            {
                continue
            }
            guard rule.match.fits(subject) else { continue }
            isMatched = true
            guard !hasEnded(index, nowMs: nowMs) else { continue }
            counts[index].matched += 1
            let nth = counts[index].matched
            if let range = rule.match.nth, !range.contains(nth) { continue }
            let key = countedKey(subject.key, rule: index)
            let occurrence = counts[index].byKey[key, default: 0] + 1
            counts[index].byKey[key] = occurrence
            if let chance = rule.chance {
                guard FaultDraw.fires(chance, seed: plan.seed, rule: rule.id, key: key, nth: occurrence) else {
                    continue
                }
            }
            counts[index].fired += 1
            return FaultDecision(rule: rule, key: subject.key, nth: nth, occurrence: occurrence)
        }
        return nil
    }

    /// Counts a request that no rule has matched. What is no request, on the hub, is not counted.
    mutating func pass(_ subject: FaultSubject) {
        if let sort = subject.sort { unmatched[sort, default: 0] += 1 }
    }

    /// What each rule has seen and done, in the plan's order.
    public func report(nowMs: Int64) -> [FaultRuleReport] {
        plan.rules.indices.map { index in
            FaultRuleReport(
                id: plan.rules[index].id,
                matched: counts[index].matched,
                fired: counts[index].fired,
                hasEnded: hasEnded(index, nowMs: nowMs)
            )
        }
    }

    /// The first rule of any kind that fires for this subject.
    public mutating func decide(_ subject: FaultSubject, nowMs: Int64) -> FaultDecision? {
        decide(subject, among: .all, nowMs: nowMs)
    }

    private func hasEnded(_ index: Int, nowMs: Int64) -> Bool {
        let rule = plan.rules[index]
        if let ttlMs = rule.ttlMs, nowMs - armedAtMs >= Int64(ttlMs) { return true }
        if let count = rule.count, counts[index].fired >= count { return true }
        return false
    }

    private func countedKey(_ key: String, rule index: Int) -> String {
        counts[index].byKey[key] == nil && counts[index].byKey.count >= Self.keysMax ? "" : key
    }
}

/// A rule that fired.
public struct FaultDecision: Sendable, Hashable {
    public let rule: FaultRule
    /// What the subject's chances are drawn for.
    public let key: String
    /// The how-manieth subject that the rule matched, from 1.
    public let nth: Int
    /// The how-manieth of this key among those, from 1: what other keys' requests come first does not change it.
    public let occurrence: Int
}

/// What a rule has seen and done since it was armed.
public struct FaultRuleReport: Sendable, Hashable {
    public let id: String
    public let matched: Int
    public let fired: Int
    /// Its `ttl_ms` is over or its `count` is used up.
    public let hasEnded: Bool

    /// Armed for nothing: a test that counts on the rule has not tested what it says.
    public var neverFired: Bool { fired == 0 }
}
