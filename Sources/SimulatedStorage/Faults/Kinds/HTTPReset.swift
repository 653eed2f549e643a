import FaultPlan

/// `http_reset`: the connection is reset (RST) before the request is read, or, at `before_reply`, after the effect
/// and the answer's first `bytes`.
struct HTTPReset: AssetFault {
    static let kind = FaultKind.httpReset
    private let bytes: Int?

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytes = parameters.bytes
    }

    var effect: AssetEffect { .reset(afterBytes: bytes) }
}
