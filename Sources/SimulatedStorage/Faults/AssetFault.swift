import FaultPlan

/// A fault of the asset API: one kind of a plan, read from its parameters. Each kind is a type in a file of its own.
protocol AssetFault: Sendable {
    static var kind: FaultKind { get }

    /// - Parameter draw: chance for whatever the fault makes up, the same in every run with the plan's seed.
    init(_ parameters: FaultParameters, draw: UInt64)

    var effect: AssetEffect { get }
}

/// The table of all kinds that strike requests to the asset API.
enum AssetFaults {
    static let types: [any AssetFault.Type] = [
        HTTPStatus.self, HTTPDelay.self, HTTPReset.self, HTTPTruncate.self, HTTPDribble.self, HTTPCorrupt.self,
        HTTPFull.self,
    ]

    /// All of them.
    static let kinds = FaultKindSet(types.map { $0.kind })
    /// Where there is no asset to be kept, there is no room to be missed.
    static let kindsWithoutPut = FaultKindSet(types.map { $0.kind }.filter { $0 != .httpFull })
    private static let byKind = Dictionary(uniqueKeysWithValues: types.map { ($0.kind, $0) })

    /// What strikes with this decision. Decisions are asked for among `kinds` only.
    static func strike(of decision: FaultDecision, seed: UInt64) -> Strike<AssetEffect> {
        let rule = decision.rule
        guard let type = byKind[rule.fault.kind] else {
            preconditionFailure("Cannot strike an asset request with \(rule.fault.kind.rawValue)")
        }
        return Strike(
            effect: type.init(rule.fault.parameters, draw: decision.draw(seed: seed)).effect,
            phase: decision.phase
        )
    }
}

/// What a fault does to a request to the asset API; `AssetFaultMiddleware` carries it out.
enum AssetEffect: Sendable, Equatable {
    /// So many milliseconds pass.
    case wait(ms: Int)
    /// The answer is an error with this status; without a code, with the usual one of the status.
    case answer(status: Int, code: String?)
    /// There is no more room.
    case full
    /// The socket is reset; so many bytes of the answer's body have gone out by then, none at all where nil.
    case reset(afterBytes: Int?)
    /// The body ends before its end: after so many bytes, or half of it.
    case truncate(bytes: Int?)
    /// The body comes slowly.
    case dribble(bytesPerSecond: Int)
    /// Bits of a body are flipped; the draw says which.
    case corrupt(bits: Int, draw: UInt64)
}
