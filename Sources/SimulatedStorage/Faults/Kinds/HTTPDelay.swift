import FaultPlan

/// `http_delay`: the request waits for `ms`, a second where it says nothing, before it is read, or, at `before_reply`, its answer does.
struct HTTPDelay: AssetFault {
    static let kind = FaultKind.httpDelay
    private let ms: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        ms = parameters.ms ?? 1000
    }

    var effect: AssetEffect { .wait(ms: ms) }
}
