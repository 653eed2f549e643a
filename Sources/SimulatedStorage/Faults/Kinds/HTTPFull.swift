import FaultPlan

/// `http_full`: a `PUT` is answered with 507 `STORAGE_FULL`.
struct HTTPFull: AssetFault {
    static let kind = FaultKind.httpFull

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: AssetEffect { .full }
}
