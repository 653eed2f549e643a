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
    private static let points = types.flatMap { type in
        type.kind.phases.map { FaultPoint(kind: type.kind, phase: $0) }
    }

    /// The points at which a kind would find nothing to strike, so that it counts as fired only where it is seen.
    /// - Parameters:
    ///   - hasBody: whether the request has a body.
    ///   - isAnsweredWithBody: whether its answer has one.
    static func spared(_ method: AssetMethod?, hasBody: Bool, isAnsweredWithBody: Bool) -> Set<FaultPoint> {
        // A method that the API does not know is refused, with a body that tells so; nothing more is done with it.
        let method = method ?? .delete
        return Set(
            points.filter { point in
                guard point.kind.methods(at: point.phase).contains(method) else { return true }
                switch (point.kind, point.phase) {
                case (.httpCorrupt, .beforeEffect): return !hasBody
                case (.httpCorrupt, _), (.httpTruncate, _), (.httpDribble, _): return !isAnsweredWithBody
                default: return false
                }
            }
        )
    }

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
