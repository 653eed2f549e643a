import FaultPlan

/// `truncate_frame`: of the next frame to the client only `bytes` get through, or half of it; then the stream ends.
struct TruncateFrame: HubFault {
    static let kind = FaultKind.truncateFrame
    private let bytes: Int?

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytes = parameters.bytes
    }

    var effect: FaultEffect { .wire(.truncate(bytes: bytes)) }
}
