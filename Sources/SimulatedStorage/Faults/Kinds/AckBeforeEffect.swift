import FaultPlan

/// `ack_before_effect`: the request is acknowledged first and then, after `ms`, carried out and answered: who ends
/// storage meanwhile loses it.
struct AckBeforeEffect: RequestFault {
    static let kind = FaultKind.ackBeforeEffect
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 0
    }

    var effect: RequestEffect { .acknowledgeFirst(ms: ms) }
}
