import FaultPlan

/// `stall`: storage does nothing more for `ms`, a second where it says nothing: requests are taken and wait, its
/// connection stays.
struct Stall: RequestFault {
    static let kind = FaultKind.stall
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 1000
    }

    var effect: RequestEffect { .stall(ms: ms) }
}
