import FaultPlan

/// `drop_message`: the publish is confirmed and no queue gets it.
struct DropMessage: HubFault {
    static let kind = FaultKind.dropMessage

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .losePublish(.taken) }
}
