import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// An answer whose body is JSON, `Content-Type: application/json`.
///
///     return JSONResponse(.object(["status": "healthy"])).response
public struct JSONResponse: Sendable {
    /// The whole answer, with its `Content-Length`.
    public let response: Response

    /// Answers with `value` as compact JSON.
    public init(_ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        self.init(bytes: value.encoded(), status: status, headers: headers)
    }

    /// Answers with bytes that are JSON already.
    public init(bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        // A browser that guesses types must not take a string inside for HTML.
        headers[.xContentTypeOptions] = "nosniff"
        response = Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
