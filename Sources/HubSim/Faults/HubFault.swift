import FaultPlan

/// A fault of the hub: one kind of a plan, read from its parameters. Each kind is a type in a file of its own.
protocol HubFault: Sendable {
    static var kind: FaultKind { get }

    /// - Parameter draw: chance for whatever the fault makes up, the same in every run with the plan's seed.
    init(_ parameters: FaultParameters, draw: UInt64)

    var effect: FaultEffect { get }
}

/// The table of all kinds of the hub.
enum HubFaults {
    static let types: [any HubFault.Type] = [
        RefuseConnection.self, RefuseAuthentication.self, ResetConnection.self, CloseConnection.self, HalfOpen.self,
        Latency.self, Bandwidth.self, SplitFrames.self, CorruptFrame.self, TruncateFrame.self, MissedHeartbeats.self,
        Blocked.self, CloseChannel.self, CancelConsumer.self, NackPublish.self, ReturnPublish.self, DropConfirm.self,
        DelayConfirm.self, DropMessage.self, DropDelivery.self, DuplicateDelivery.self, ReorderDelivery.self,
    ]

    private static let byKind = Dictionary(uniqueKeysWithValues: types.map { ($0.kind, $0) })

    /// What strikes with this decision. Decisions are asked for among the hub's kinds only.
    static func effect(of decision: FaultDecision, seed: UInt64) -> FaultEffect {
        let rule = decision.rule
        guard let type = byKind[rule.fault.kind] else {
            preconditionFailure("Cannot carry out \(rule.fault.kind.rawValue) in the hub")
        }
        let draw = FaultDraw.value(seed: seed, rule: rule.id, key: decision.key, nth: decision.occurrence)
        return type.init(rule.fault.parameters, draw: draw).effect
    }
}
