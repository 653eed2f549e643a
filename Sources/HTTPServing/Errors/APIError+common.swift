import HTTPTypes
import JSON

/// The errors that every HTTP server of this package answers alike.
extension APIError {
    /// 500: something inside failed; the client learns no more than that.
    public static func internalError(logMessage: String) -> APIError {
        APIError(
            .internalServerError,
            "INTERNAL_ERROR",
            "The service failed to answer this request.",
            logMessage: logMessage
        )
    }

    /// 404: no route has this path.
    public static var notFound: APIError { APIError(.notFound, "NOT_FOUND", "There is nothing at this address.") }

    /// 405: the path exists, for other methods, which `Allow` names (RFC 9110 §15.5.6).
    public static func methodNotAllowed(allow: String) -> APIError {
        APIError(
            .methodNotAllowed,
            "METHOD_NOT_ALLOWED",
            "This address does not know this method.",
            details: ["allow": .array(allow.split(separator: ",").map { .string($0.trimmed) })],
            headers: [.allow: allow]
        )
    }

    /// 400, or another status of the 4xx class: the request is no well-formed HTTP, multipart or JSON.
    public static func malformedRequest(
        _ message: String,
        status: HTTPResponse.Status = .badRequest,
        logMessage: String? = nil
    ) -> APIError {
        APIError(status, "MALFORMED_REQUEST", message, logMessage: logMessage)
    }

    /// 413: the body is, or would become, larger than `bytesMax`.
    public static func fileTooLarge(bytesMax: Int) -> APIError {
        APIError(
            .contentTooLarge,
            "FILE_TOO_LARGE",
            "The request body is larger than \(bytesMax) bytes.",
            details: ["max_bytes": .integer(Int64(bytesMax))]
        )
    }

    /// 415: the body has a media type that this route does not read.
    public static func unsupportedMediaType(expected: String) -> APIError {
        APIError(
            .unsupportedMediaType,
            "UNSUPPORTED_MEDIA_TYPE",
            "The request body must be \(expected).",
            details: ["expected": .string(expected)]
        )
    }

    /// 503: the server has as many connections as it can take.
    static var tooManyConnections: APIError {
        APIError(
            .serviceUnavailable,
            "OVERLOADED",
            "The service has as many connections as it can take. Try again soon.",
            headers: [.retryAfter: "1"]
        )
    }

    /// 408: the client took too long to send the request.
    public static var requestTimeout: APIError {
        .malformedRequest("The request did not arrive in time.", status: .requestTimeout)
    }
}
