import HTTPTypes
import NIOHTTP1

/// The codes of errors that do not come from this package's own handlers.
package enum ErrorCode {
    /// The code that a bare status stands for.
    package static func forStatus(_ status: HTTPResponse.Status) -> String {
        switch status {
        case .unauthorized: "UNAUTHORIZED"
        case .forbidden: "FORBIDDEN"
        case .notFound: "NOT_FOUND"
        case .methodNotAllowed: "METHOD_NOT_ALLOWED"
        case .preconditionFailed: "PRECONDITION_FAILED"
        case .contentTooLarge: "FILE_TOO_LARGE"
        case .unsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE"
        case .rangeNotSatisfiable: "RANGE_NOT_SATISFIABLE"
        case .unprocessableContent: "VALIDATION_ERROR"
        case .serviceUnavailable: "OVERLOADED"
        default: status.kind == .clientError ? "MALFORMED_REQUEST" : "INTERNAL_ERROR"
        }
    }
}

extension APIError {
    /// The answer to bytes that are no HTTP request: 431 where the header is too large, else 400.
    static func malformedRequest(_ error: HTTPParserError) -> APIError {
        error == .headerOverflow
            ? .malformedRequest(
                "The request's header is too large.",
                status: .requestHeaderFieldsTooLarge,
                logMessage: "\(error)"
            )
            : .malformedRequest("The request is not well-formed HTTP/1.1.", logMessage: "\(error)")
    }
}
