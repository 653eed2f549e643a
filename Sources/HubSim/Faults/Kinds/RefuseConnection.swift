import FaultPlan

/// `refuse_connection`: a socket is accepted and reset at once. With `ms`, so is every other one for that time.
struct RefuseConnection: HubFault {
    static let kind = FaultKind.refuseConnection
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 0
    }

    var effect: FaultEffect { .refuseConnection(ms: ms) }
}
