import FaultPlan

/// `disconnect`: storage loses its connection to the hub at this point and is back on the hub after `down_ms`, or as
/// soon as it can. Its asset API stays.
struct Disconnect: RequestFault {
    static let kind = FaultKind.disconnect
    private let downMs: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        downMs = parameters.downMs ?? 0
    }

    var effect: RequestEffect { .disconnect(downMs: downMs) }
}
