import FaultPlan

/// `reorder`: the reply is held back until `count` others have overtaken it, one where it says nothing, or `ms` have
/// passed, a second where it says nothing.
struct Reorder: RequestFault {
    static let kind = FaultKind.reorder
    private let count: Int
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        count = parameters.count ?? 1
        ms = parameters.ms ?? 1000
    }

    var effect: RequestEffect { .holdReply(behind: count, ms: ms) }
}
