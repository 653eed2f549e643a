import FaultPlan

/// `crash`: storage is gone at this point, its asset API with it, and back after `down_ms`, a second where it says
/// nothing. What its store has kept, it still has; what was not acknowledged comes again.
struct Crash: RequestFault {
    static let kind = FaultKind.crash
    private let downMs: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        downMs = parameters.downMs ?? 1000
    }

    var effect: RequestEffect { .crash(downMs: downMs) }
}
