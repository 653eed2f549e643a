import FaultPlan

/// `bandwidth`: the client gets `bytes_per_s` at most, as long as the plan is armed.
struct Bandwidth: HubFault {
    static let kind = FaultKind.bandwidth
    private let bytesPerSecond: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytesPerSecond = max(1, parameters.bytesPerSecond ?? 1024)
    }

    var effect: FaultEffect { .wire(.bandwidth(bytesPerSecond: bytesPerSecond)) }
}
