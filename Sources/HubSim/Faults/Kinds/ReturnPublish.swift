import FaultPlan

/// `return_publish`: the publish has no effect and comes back (`basic.return`, 312 `NO_ROUTE`), as if it were mandatory
/// and no queue took it; then it is confirmed.
struct ReturnPublish: HubFault {
    static let kind = FaultKind.returnPublish

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .losePublish(.returned) }
}
