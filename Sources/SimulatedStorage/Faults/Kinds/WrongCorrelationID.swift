import FaultPlan

/// `wrong_correlation_id`: the reply's `correlation_id` is another: see `WrongID` for the modes.
struct WrongCorrelationID: RequestFault {
    static let kind = FaultKind.wrongCorrelationID
    private let wrongID: WrongID

    init(_ parameters: FaultParameters, draw: UInt64) {
        wrongID = WrongID(mode: parameters.mode, draw: draw)
    }

    var effect: RequestEffect { .wrongCorrelationID(wrongID) }
}
