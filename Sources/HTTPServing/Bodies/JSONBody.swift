import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// A request body that is JSON.
public enum JSONBody {
    /// Reads the whole body as one JSON value.
    ///
    /// Throws 415 `UNSUPPORTED_MEDIA_TYPE` where the request does not say `application/json` (or `…+json`),
    /// 413 `FILE_TOO_LARGE` past `bytesMax`, and 400 `MALFORMED_REQUEST` where the bytes are no JSON.
    public static func read(_ request: Request, bytesMax: Int) async throws -> JSONValue {
        guard let type = request.headers[.contentType].flatMap({ MediaType($0) }), isJSON(type) else {
            throw APIError.unsupportedMediaType(expected: "application/json")
        }
        let body = try await BodyReader(request, bytesMax: bytesMax).collect()
        do {
            return try JSONValue(parsing: [UInt8](body.readableBytesView))
        } catch {
            throw APIError.malformedRequest("The request body is not JSON.", logMessage: "\(error)")
        }
    }

    private static func isJSON(_ type: MediaType) -> Bool {
        guard type.name == "application/json" || type.name.hasSuffix("+json") else { return false }
        // JSON is UTF-8 (RFC 8259 §8.1); some clients say so, and no other charset is JSON.
        guard let charset = type.parameters["charset"] else { return true }
        return charset.lowercased() == "utf-8"
    }
}
