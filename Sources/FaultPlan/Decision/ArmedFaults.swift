import JSON
import Synchronization

/// The plan that is armed now, for everybody who can carry out its faults: decides, counts, and writes each decision
/// into the journal.
///
///     let faults = ArmedFaults(journal: journal, nowMs: clock)
///     try faults.arm(plan)
///     if let decision = faults.decide(subject, among: DeliveryFaults.kinds) { … }
public final class ArmedFaults: Sendable {
    private struct State {
        var decider: FaultDecider
    }

    private let state: Mutex<State>
    /// Kinds of the armed rules, one bit each: what no rule asks for costs one look at it.
    private let armedKinds = Atomic<UInt64>(0)
    /// Counts plans, so that whoever is struck for longer can tell whether its plan is still armed.
    private let plans = Atomic<UInt64>(0)
    private let looksAtBodies = Atomic<Bool>(false)
    private let journal: Journal
    private let nowMs: @Sendable () -> Int64
    /// Written with every entry in the journal.
    private let namespace: String
    private let watchers = Mutex<[@Sendable (End) -> Void]>([])

    /// Why there is no plan any more.
    package enum End: Sendable {
        /// It was taken away: what it has struck is to go on as if it had not been.
        case disarmed
        /// All that it has struck is thrown away with it.
        case reset
    }

    public init(journal: Journal, namespace: String = "", nowMs: @escaping @Sendable () -> Int64) {
        self.journal = journal
        self.namespace = namespace
        self.nowMs = nowMs
        state = Mutex(State(decider: FaultDecider(.none, armedAtMs: nowMs())))
    }

    /// The plan that is armed; `FaultPlan.none` where none is.
    public var plan: FaultPlan { state.withLock { $0.decider.plan } }

    /// The seed of the plan that is armed; nil where none is.
    package var seed: UInt64? {
        state.withLock { $0.decider.plan.rules.isEmpty ? nil : $0.decider.plan.seed }
    }

    /// Has this called whenever the plan has been taken away, by whoever took it: what it makes wait need wait no more.
    package func whenDisarmed(_ action: @escaping @Sendable (End) -> Void) {
        watchers.withLock { $0.append(action) }
    }

    /// Arms a plan in place of the one before. All counts begin anew.
    ///
    /// Throws for a plan that has a mistake, which stays unarmed (`FaultPlan.check`).
    public func arm(_ plan: FaultPlan) throws(InvalidFields) {
        try plan.check()
        put(plan)
    }

    /// Arms a plan that somebody was configured with, who cannot throw. It must be one that `FaultPlan.check` takes.
    package func armConfigured(_ plan: FaultPlan) {
        do throws(InvalidFields) {
            try arm(plan)
        } catch {
            preconditionFailure("Cannot arm a plan with a mistake: \(error)")
        }
    }

    private func put(_ plan: FaultPlan, insteadBecause end: End = .disarmed) {
        defer {
            // A plan without rules is as good as none.
            if plan.rules.isEmpty { for watcher in watchers.withLock({ $0 }) { watcher(end) } }
        }
        state.withLock { state in
            state.decider = FaultDecider(plan, armedAtMs: nowMs())
            armedKinds.store(FaultKindSet(plan.rules.map(\.fault.kind)).bits, ordering: .relaxed)
            looksAtBodies.store(plan.rules.contains(where: \.match.looksAtBodies), ordering: .relaxed)
            plans.add(1, ordering: .relaxed)
            // While nothing can be decided: what the journal tells after this, the new plan has decided.
            if plan.rules.isEmpty {
                journal.append(.disarmed, namespace: namespace)
            } else {
                journal.append(.armed, namespace: namespace, ["plan": plan.json])
            }
        }
    }

    /// Takes the plan away. A storage that it makes wait goes on at once; what has begun on a hub goes on.
    public func disarm() { put(.none) }

    /// Takes the plan away, for this reason.
    func disarm(because end: End) { put(.none, insteadBecause: end) }

    /// Runs something with a plan armed, and disarms it after, whatever comes of it.
    /// - Returns: what came of it, and what every rule has seen and done.
    /// - Throws: what it throws; `InvalidFields` for a plan that has a mistake, and then nothing is run.
    public func with<Result>(
        _ plan: FaultPlan,
        _ body: () async throws -> Result
    ) async throws -> (result: Result, report: FaultReport) {
        try arm(plan)
        defer { disarm() }
        let result = try await body()
        return (result, FaultReport(rules: report()))
    }

    /// Whether any rule is of one of these kinds: cheap enough for every message.
    public func isArmed(_ kinds: FaultKindSet) -> Bool { armedKinds.load(ordering: .relaxed) & kinds.bits != 0 }

    /// Whether any rule asks for what only a message's body tells: its operation, image id, name, type or theme.
    public var needsBodies: Bool { looksAtBodies.load(ordering: .relaxed) }

    /// Another number for every plan that is armed.
    public var generation: UInt64 { plans.load(ordering: .relaxed) }

    /// The first rule that fires for this subject, among those whose kind can strike here.
    /// - Parameter phase: the point itself, where kinds can strike at several.
    /// - Parameter spared: points at which a kind would find nothing to strike in this subject.
    public func decide(
        _ subject: @autoclosure () -> FaultSubject,
        among kinds: FaultKindSet,
        at phase: FaultPhase? = nil,
        sparing spared: Set<FaultPoint> = []
    ) -> FaultDecision? {
        guard isArmed(kinds) else { return nil }
        let subject = subject()
        let decision = state.withLock {
            $0.decider.decide(subject, among: kinds, at: phase, sparing: spared, nowMs: nowMs())
        }
        if let decision {
            journal.append(
                .decision,
                namespace: namespace,
                [
                    "rule": .string(decision.rule.id), "kind": .string(decision.rule.fault.kind.rawValue),
                    "key": .string(decision.key), "nth": .integer(Int64(decision.nth)),
                    "occurrence": .integer(Int64(decision.occurrence)),
                ]
            )
        }
        return decision
    }

    /// The rules of these sides that have not fired, in the plan's order.
    package func neverFired(on sides: Set<FaultKind.Side>) -> [FaultRuleReport] {
        let (rules, report) = state.withLock { ($0.decider.plan.rules, $0.decider.report(nowMs: nowMs())) }
        return zip(rules, report).filter { sides.contains($0.fault.kind.side) && $1.neverFired }.map { $1 }
    }

    /// How many requests no rule of the plan has matched, by `FaultSubject.sort`.
    public var unmatched: [String: Int] { state.withLock { $0.decider.unmatched } }

    /// Notes a request that no kind of the plan could strike: it is one that no rule matches.
    package func pass(_ subject: @autoclosure () -> FaultSubject) {
        guard armedKinds.load(ordering: .relaxed) != 0 else { return }
        let subject = subject()
        state.withLock { $0.decider.pass(subject) }
    }

    /// What each rule has seen and done, in the plan's order.
    public func report() -> [FaultRuleReport] { state.withLock { $0.decider.report(nowMs: nowMs()) } }
}
