import FaultPlan

/// `cancel_consumer`: after the delivery the hub ends the consumer, and tells a client that takes `basic.cancel`.
struct CancelConsumer: HubFault {
    static let kind = FaultKind.cancelConsumer

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .cancelConsumer }
}
