import FaultPlan

/// `stale_read`: the answer is what it would have been before the last effect on the image, or, for a list, before
/// the last effect of all.
struct StaleRead: RequestFault {
    static let kind = FaultKind.staleRead

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: RequestEffect { .readStale }
}
