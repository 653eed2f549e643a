import FaultPlan

/// `drop_delivery`: the hub takes the message for delivered, and the client never sees it. It comes back to the queue when
/// the channel ends; from a consumer without acknowledgements it does not.
struct DropDelivery: HubFault {
    static let kind = FaultKind.dropDelivery

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .dropDelivery }
}
