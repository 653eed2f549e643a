import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Turns everything thrown into an answer of the one error shape.
public enum ErrorAnswer {
    /// The answer to an error, which is logged.
    static func response(to error: any Error, context: ServingContext) -> Response {
        let answer = apiError(for: error)
        log(answer, context: context)
        return answer.response
    }

    /// What the client is told about an error.
    public static func apiError(for error: any Error) -> APIError {
        switch error {
        case let error as APIError:
            return error
        case let error as HTTPParserError:
            return .malformedRequest(error)
        case let error as ConnectionError:
            return error.apiError
        case let error as HTTPError:
            return APIError(
                error.status,
                ErrorCode.forStatus(error.status),
                error.status.kind == .serverError
                    ? "The service failed to answer this request." : error.body ?? error.status.reasonPhrase,
                headers: error.headers,
                logMessage: "\(error)"
            )
        case let error as any HTTPResponseError:
            return APIError(
                error.status,
                ErrorCode.forStatus(error.status),
                error.status.reasonPhrase,
                logMessage: "\(error)"
            )
        case is CancellationError:
            // Either the client is gone and nobody reads this, or the service stops and another try finds the next one.
            return APIError(
                .serviceUnavailable,
                "OVERLOADED",
                "The service is stopping.",
                headers: [.retryAfter: "1"]
            )
        default:
            return .internalError(logMessage: "\(error)")
        }
    }

    private static func log(_ answer: APIError, context: ServingContext) {
        let level: Logger.Level = answer.status.kind == .serverError ? .error : .debug
        context.logger.log(
            level: level,
            "Request failed",
            metadata: [
                "code": .string(answer.code), "status": .stringConvertible(answer.status.code),
                "reason": .string(answer.logMessage ?? answer.message),
            ]
        )
    }
}
