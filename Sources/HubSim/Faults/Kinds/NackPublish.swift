import FaultPlan

/// `nack_publish`: the publish has no effect and is refused (`basic.nack`). On channels with confirms only.
struct NackPublish: HubFault {
    static let kind = FaultKind.nackPublish

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .losePublish(.refused) }
}
