import FaultPlan

/// `wrong_operation_id`: the reply's body names another operation: see `WrongID` for the modes.
struct WrongOperationID: RequestFault {
    static let kind = FaultKind.wrongOperationID
    private let wrongID: WrongID

    init(_ parameters: FaultParameters, draw: UInt64) {
        wrongID = WrongID(mode: parameters.mode, draw: draw)
    }

    var effect: RequestEffect { .wrongOperationID(wrongID) }
}
