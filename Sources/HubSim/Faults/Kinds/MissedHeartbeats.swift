import FaultPlan

/// `missed_heartbeats`: the hub sends none (`unsent`), or hears none and cuts the client off (`unheard`).
struct MissedHeartbeats: HubFault {
    static let kind = FaultKind.missedHeartbeats
    private let isUnheard: Bool

    init(_ parameters: FaultParameters, draw: UInt64) {
        isUnheard = parameters.mode == "unheard"
    }

    var effect: FaultEffect { .wire(isUnheard ? .heartbeatsUnheard : .heartbeatsUnsent) }
}
