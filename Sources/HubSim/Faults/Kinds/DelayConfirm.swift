import FaultPlan

/// `delay_confirm`: the publish has its effect at once and is confirmed `ms` later. On channels with confirms only.
struct DelayConfirm: HubFault {
    static let kind = FaultKind.delayConfirm
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 0
    }

    var effect: FaultEffect { .withholdConfirm(ms: ms) }
}
