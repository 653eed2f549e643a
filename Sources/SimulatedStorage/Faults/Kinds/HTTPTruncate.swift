import FaultPlan

/// `http_truncate`: of the answer's body come only `bytes`, or half of it where it says nothing; its header says the
/// whole length. Then the connection ends.
struct HTTPTruncate: AssetFault {
    static let kind = FaultKind.httpTruncate
    private let bytes: Int?

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytes = parameters.bytes
    }

    var effect: AssetEffect { .truncate(bytes: bytes) }
}
