import FaultPlan

/// `http_status`: the answer is `status`, 503 where it says none, with `code` in the error: without the effect, or,
/// at `after_effect`, in spite of it.
struct HTTPStatus: AssetFault {
    static let kind = FaultKind.httpStatus
    private let status: Int
    private let code: String?

    init(_ parameters: FaultParameters, draw: UInt64) {
        status = parameters.status ?? 503
        code = parameters.code
    }

    var effect: AssetEffect { .answer(status: status, code: code) }
}
