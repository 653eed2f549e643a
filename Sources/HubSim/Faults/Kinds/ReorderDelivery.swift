import FaultPlan

/// `reorder_delivery`: the delivery is held back until `count` others of its channel have overtaken it, one where it says
/// nothing, or `ms` have passed, a second where it says nothing.
struct ReorderDelivery: HubFault {
    static let kind = FaultKind.reorderDelivery
    private let count: Int
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        count = parameters.count ?? 1
        ms = parameters.ms ?? 1000
    }

    var effect: FaultEffect { .holdDelivery(behind: count, ms: ms) }
}
