import HTTPServing
import HTTPTypes
import HubProtocol
import JSON
import Multipart

/// The errors of this service as the API tells them (contract §2, §7): one place, so that it reads as the table there.
package enum ErrorTable {
    /// After how many seconds a client may come back where we cannot know better.
    static let retryAfterSeconds = "1"

    /// The answer to an error of ours; `nil` for errors that others know how to answer.
    package static func apiError(for error: any Error) -> APIError? {
        switch error {
        case let failure as ValidationFailure: validation(failure)
        case let error as MultipartError: .malformedRequest("The form cannot be read: \(error).")
        case is MemoryBudget.Exceeded: overloaded
        case let fault as StorageFault: storage(fault)
        default: nil
        }
    }

    /// A handler whose errors are told as this table has them.
    package static func told(_ handler: @escaping RouteTable.Handler) -> RouteTable.Handler {
        { request, context in
            do {
                return try await handler(request, context)
            } catch {
                throw apiError(for: error) ?? error
            }
        }
    }

    package static let preconditionFailed = APIError(
        .preconditionFailed,
        "PRECONDITION_FAILED",
        "The image is not as If-Match says; somebody else changed it."
    )

    static let overloaded = APIError(
        .serviceUnavailable,
        "OVERLOADED",
        "The service has as much in hand as it can take. Try again soon.",
        headers: [.retryAfter: retryAfterSeconds]
    )

    private static func validation(_ failure: ValidationFailure) -> APIError {
        APIError(
            .unprocessableContent,
            "VALIDATION_ERROR",
            "The parameters of the request are not valid.",
            details: failure.details
        )
    }

    private static func storage(_ fault: StorageFault) -> APIError {
        switch fault.trouble {
        case .rejected(let code, let message):
            rejected(code: code, message: message, fault: fault)
        case .invalidResponse(let what):
            storageError(
                .badGateway,
                "invalid_response",
                "Storage gave an answer that makes no sense.",
                fault,
                log: what
            )
        case .unavailable(let what):
            storageError(
                .serviceUnavailable,
                "unavailable",
                "Storage cannot be reached. Try again soon.",
                fault,
                log: what
            )
        case .timedOut:
            storageError(
                .gatewayTimeout,
                "timeout",
                "Storage did not answer in time. What was asked for may have happened.",
                fault,
                log: "timed out"
            )
        case .overloaded:
            overloaded
        case .cancelled:
            // Nobody waits for this answer, or the service stops and another instance can take the request.
            storageError(.serviceUnavailable, "unavailable", "The service is stopping.", fault, log: "cancelled")
        }
    }

    private static func rejected(code: String, message: String, fault: StorageFault) -> APIError {
        switch StorageErrorCode(rawValue: code) {
        case .imageNotFound:
            APIError(.notFound, "IMAGE_NOT_FOUND", "There is no image with this id.", details: details(fault))
        case .versionNotFound:
            APIError(.notFound, "VERSION_NOT_FOUND", "The image has no such version.", details: details(fault))
        case .versionConflict:
            APIError(preconditionFailed, details: details(fault))
        case .storageFull:
            storageError(.serviceUnavailable, "full", "Storage is full.", fault, log: message)
        case .validationError, .assetNotFound, .unknownOperation, .operationConflict, .internalError, nil:
            storageError(
                .badGateway,
                "rejected",
                "Storage refused what was asked of it.",
                fault,
                more: ["storage_code": .string(code)],
                log: "\(code): \(message)"
            )
        }
    }

    private static func storageError(
        _ status: HTTPResponse.Status,
        _ reason: String,
        _ message: String,
        _ fault: StorageFault,
        more: [String: JSONValue] = [:],
        log: String
    ) -> APIError {
        var error = APIError(
            status,
            "STORAGE_ERROR",
            message,
            details: details(fault).merging(more) { own, _ in own },
            logMessage: "\(reason) (operation \(fault.operationID)): \(log)"
        )
        error.details["reason"] = .string(reason)
        if status == .serviceUnavailable { error.headers[.retryAfter] = retryAfterSeconds }
        return error
    }

    private static func details(_ fault: StorageFault) -> [String: JSONValue] {
        ["operation_id": .string(fault.operationID)]
    }
}

extension APIError {
    fileprivate init(_ other: APIError, details: [String: JSONValue]) {
        self = other
        self.details = details
    }
}
