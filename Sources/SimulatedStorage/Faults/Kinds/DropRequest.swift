import FaultPlan

/// `drop_request`: the request is acknowledged, and that is all.
struct DropRequest: RequestFault {
    static let kind = FaultKind.dropRequest

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: RequestEffect { .dropRequest }
}
