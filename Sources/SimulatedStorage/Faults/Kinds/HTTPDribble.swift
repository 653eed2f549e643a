import FaultPlan

/// `http_dribble`: the answer's body comes at `bytes_per_s`.
struct HTTPDribble: AssetFault {
    static let kind = FaultKind.httpDribble
    private let bytesPerSecond: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytesPerSecond = parameters.bytesPerSecond ?? 1024
    }

    var effect: AssetEffect { .dribble(bytesPerSecond: bytesPerSecond) }
}
