import FaultPlan
import HubProtocol

/// `error`: the answer is an error with `code`, `INTERNAL_ERROR` where it says none: without the effect, or, at
/// `after_effect`, in spite of it.
struct ErrorReply: RequestFault {
    static let kind = FaultKind.error
    private let code: String

    init(_ parameters: FaultParameters, draw: UInt64) {
        code = parameters.code ?? StorageErrorCode.internalError.rawValue
    }

    var effect: RequestEffect { .answerError(code: code) }
}
