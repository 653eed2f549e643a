import FaultPlan

/// `http_corrupt`: `count` bits of the answer's body are flipped, one where it says nothing, or, at `before_effect`,
/// of the request's body. The seed says which.
struct HTTPCorrupt: AssetFault {
    static let kind = FaultKind.httpCorrupt
    private let count: Int
    private let draw: UInt64

    init(_ parameters: FaultParameters, draw: UInt64) {
        count = parameters.count ?? 1
        self.draw = draw
    }

    var effect: AssetEffect { .corrupt(bits: count, draw: draw) }
}
