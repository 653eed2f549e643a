import FaultPlan

/// `corrupt_frame`: the next frame to the client is damaged: `count` bits of its `payload`, its `type`, or its `end`.
struct CorruptFrame: HubFault {
    static let kind = FaultKind.corruptFrame
    private let damage: FrameDamage
    private let draw: UInt64
    private let count: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        damage = parameters.mode.flatMap(FrameDamage.init(rawValue:)) ?? .payload
        self.draw = draw
        count = parameters.count ?? 1
    }

    var effect: FaultEffect { .wire(.corrupt(damage, draw: draw, count: count)) }
}
