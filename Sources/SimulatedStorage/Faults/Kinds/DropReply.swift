import FaultPlan

/// `drop_reply`: the effect, no reply, and the request is acknowledged.
struct DropReply: RequestFault {
    static let kind = FaultKind.dropReply

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: RequestEffect { .dropReply }
}
