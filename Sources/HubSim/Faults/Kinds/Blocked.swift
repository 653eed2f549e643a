import FaultPlan

/// `blocked`: the publisher is told `connection.blocked`, if it takes that, and not read from for `ms`, a second where
/// none are given; then it is unblocked. The publish that is struck is taken.
struct Blocked: HubFault {
    static let kind = FaultKind.blocked
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 1000
    }

    var effect: FaultEffect { .block(ms: ms) }
}
