import HTTPTypes
import Hummingbird
import JSON

/// What a handler throws to answer with an error, and the only shape that an error answer has.
///
///     throw APIError(.notFound, "IMAGE_NOT_FOUND", "There is no image with this id.")
///
/// gives `404` with the body `{"error":{"code":"IMAGE_NOT_FOUND","details":{},"message":"There is no image with this id."}}`.
public struct APIError: Error, Sendable, Equatable {
    /// The status of the answer.
    public var status: HTTPResponse.Status
    /// The machine-readable name of the error, upper case with underscores.
    public var code: String
    /// The sentence for the client. It names nothing inside the service.
    public var message: String
    /// Machine-readable details; an empty object where there are none.
    public var details: [String: JSONValue]
    /// Header fields that the answer carries besides its content type and length, `Allow` or `Retry-After` for example.
    public var headers: HTTPFields
    /// The sentence for the log, where it may say more than the client is told.
    public var logMessage: String?

    /// An error answer; `logMessage` goes to the log alone.
    public init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ message: String,
        details: [String: JSONValue] = [:],
        headers: HTTPFields = [:],
        logMessage: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers
        self.logMessage = logMessage
    }

    /// The body: `{"error":{"code":…,"details":{…},"message":…}}`, as compact JSON.
    public var body: [UInt8] {
        JSONValue.object([
            "error": .object(["code": .string(code), "message": .string(message), "details": .object(details)])
        ]).encoded()
    }

    /// The whole answer.
    public var response: Response {
        var response = JSONResponse(bytes: body, status: status).response
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension APIError: HTTPResponseError {
    public func response(from request: Request, context: some RequestContext) throws -> Response { response }
}
