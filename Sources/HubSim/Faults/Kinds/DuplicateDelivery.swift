import FaultPlan

/// `duplicate_delivery`: the message comes `count` times more, once where it says nothing: each is a message of the queue
/// with a delivery tag of its own, marked as redelivered, or not (`fresh`).
struct DuplicateDelivery: HubFault {
    static let kind = FaultKind.duplicateDelivery
    private let copies: Int
    private let isRedelivered: Bool

    init(_ parameters: FaultParameters, draw: UInt64) {
        copies = parameters.count ?? 1
        isRedelivered = parameters.mode != "fresh"
    }

    var effect: FaultEffect { .duplicateDelivery(copies: copies, isRedelivered: isRedelivered) }
}
