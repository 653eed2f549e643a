import FaultPlan

/// `delay`: the request waits for `ms`, a second where it says nothing, at the point that the rule names.
struct Delay: RequestFault {
    static let kind = FaultKind.delay
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 1000
    }

    var effect: RequestEffect { .wait(ms: ms) }
}
