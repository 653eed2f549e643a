import FaultPlan

/// `malformed_reply`: the reply's body is none: see `Malformation` for the modes; `bytes` says how long a `truncated`
/// or `huge` one is.
struct MalformedReply: RequestFault {
    static let kind = FaultKind.malformedReply
    private let malformation: Malformation
    private let bytes: Int?

    init(_ parameters: FaultParameters, draw: UInt64) {
        malformation = parameters.mode.flatMap(Malformation.init(rawValue:)) ?? .notJSON
        bytes = parameters.bytes
    }

    var effect: RequestEffect { .malform(malformation, bytes: bytes) }
}
