import FaultPlan

/// `latency`: every byte to the client comes `ms` later, in order, as long as the plan is armed.
struct Latency: HubFault {
    static let kind = FaultKind.latency
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 0
    }

    var effect: FaultEffect { .wire(.latency(ms: ms)) }
}
