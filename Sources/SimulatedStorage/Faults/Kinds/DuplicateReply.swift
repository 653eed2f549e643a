import FaultPlan

/// `duplicate_reply`: `count` copies follow the reply, one where it says nothing, each after `ms`.
struct DuplicateReply: RequestFault {
    static let kind = FaultKind.duplicateReply
    private let count: Int
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        count = parameters.count ?? 1
        ms = parameters.ms ?? 0
    }

    var effect: RequestEffect { .duplicateReply(copies: count, everyMs: ms) }
}
