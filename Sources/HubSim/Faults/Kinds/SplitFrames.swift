import FaultPlan

/// `split_frames`: bytes to the client go out in pieces of `bytes`, one by one where none are given, as long as the plan
/// is armed.
struct SplitFrames: HubFault {
    static let kind = FaultKind.splitFrames
    private let bytes: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytes = max(1, parameters.bytes ?? 1)
    }

    var effect: FaultEffect { .wire(.slices(bytes: bytes)) }
}
