import FaultPlan

/// `lost_write`: the reply says that the operation has been carried out, and nothing of it is kept.
struct LostWrite: RequestFault {
    static let kind = FaultKind.lostWrite

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: RequestEffect { .loseWrite }
}
