/// A kind of fault at one of the points at which it can strike.
public struct FaultPoint: Sendable, Hashable, CustomStringConvertible {
    public let kind: FaultKind
    public let phase: FaultPhase

    public init(kind: FaultKind, phase: FaultPhase) {
        self.kind = kind
        self.phase = phase
    }

    /// Reads `http_corrupt@before_effect`.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let kind = FaultKind(rawValue: parts[0]), let phase = FaultPhase(rawValue: parts[1])
        else { return nil }
        self.init(kind: kind, phase: phase)
    }

    public var description: String { "\(kind.rawValue)@\(phase.rawValue)" }
}
