import FaultPlan

/// `redeliver`: the request goes back to its queue at the point that the rule names, and so when it comes again,
/// `count` times in all, once where it says nothing.
struct Redeliver: RequestFault {
    static let kind = FaultKind.redeliver
    private let count: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        count = parameters.count ?? 1
    }

    var effect: RequestEffect { .giveBack(count: count) }
}
