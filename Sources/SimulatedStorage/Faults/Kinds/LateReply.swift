import FaultPlan

/// `late_reply`: the effect at once, the reply `after_deadline_ms` after the time at which the request expires, a
/// tenth of a second where it says nothing.
struct LateReply: RequestFault {
    static let kind = FaultKind.lateReply
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.afterDeadlineMs ?? 100
    }

    var effect: RequestEffect { .replyLate(afterDeadlineMs: ms) }
}
