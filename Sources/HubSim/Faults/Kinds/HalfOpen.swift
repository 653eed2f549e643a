import FaultPlan

/// `half_open`: from now on the hub neither reads nor writes on the connection, for `ms` or for ever, and keeps the
/// socket: what a client sees when its peer is unplugged.
struct HalfOpen: HubFault {
    static let kind = FaultKind.halfOpen
    private let ms: Int?

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms
    }

    var effect: FaultEffect { .wire(.halfOpen(ms: ms)) }
}
