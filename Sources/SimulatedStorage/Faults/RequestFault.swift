import FaultPlan

/// A fault of the storage side on the hub: one kind of a plan, read from its parameters. Each kind is a type in a file
/// of its own.
protocol RequestFault: Sendable {
    static var kind: FaultKind { get }

    /// - Parameter draw: chance for whatever the fault makes up, the same in every run with the plan's seed.
    init(_ parameters: FaultParameters, draw: UInt64)

    var effect: RequestEffect { get }
}

/// The table of all kinds that strike storage requests.
enum RequestFaults {
    static let types: [any RequestFault.Type] = [
        Delay.self, LateReply.self, DropRequest.self, DropReply.self, DuplicateReply.self, Reorder.self,
        WrongOperationID.self, WrongCorrelationID.self, ErrorReply.self, MalformedReply.self, Crash.self,
        LostWrite.self, StaleRead.self, AckBeforeEffect.self, Redeliver.self, Stall.self, Disconnect.self,
    ]

    /// All of them.
    static let kinds = FaultKindSet(types.map { $0.kind })
    private static let byKind = Dictionary(uniqueKeysWithValues: types.map { ($0.kind, $0) })

    /// What strikes with this decision. Decisions are asked for among `kinds` only.
    static func strike(of decision: FaultDecision, seed: UInt64) -> Strike<RequestEffect> {
        let rule = decision.rule
        guard let type = byKind[rule.fault.kind] else {
            preconditionFailure("Cannot strike a storage request with \(rule.fault.kind.rawValue)")
        }
        return Strike(
            effect: type.init(rule.fault.parameters, draw: decision.draw(seed: seed)).effect,
            phase: decision.phase
        )
    }
}

/// What a fault does, and at which point.
struct Strike<Effect: Sendable & Equatable>: Sendable, Equatable {
    let effect: Effect
    let phase: FaultPhase
}

extension FaultDecision {
    /// The point at which it strikes: the one that the rule names, else where its kind usually does.
    var phase: FaultPhase { rule.phase ?? rule.fault.kind.phases.first ?? .received }

    /// Chance for whatever the fault makes up.
    func draw(seed: UInt64) -> UInt64 { FaultDraw.value(seed: seed, rule: rule.id, key: key, nth: occurrence) }
}
