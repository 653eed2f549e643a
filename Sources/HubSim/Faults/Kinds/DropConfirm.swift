import FaultPlan

/// `drop_confirm`: the publish has its effect, and its confirm is never said. On channels with confirms only.
struct DropConfirm: HubFault {
    static let kind = FaultKind.dropConfirm

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .withholdConfirm(ms: nil) }
}
