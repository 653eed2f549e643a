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
    /// - Parameter refusingRepeatedKeys: whether a key that an object has twice is 400 too; else its last value counts.
    public static func read(
        _ request: Request,
        bytesMax: Int,
        refusingRepeatedKeys: Bool = false
    ) async throws -> JSONValue {
        try requireType(of: request)
        return try await parse(BodyReader(request, bytesMax: bytesMax).collect(), refusingRepeatedKeys)
    }

    /// The same for a body that may be left out: nil where there is none, whatever the request says of its type.
    public static func readIfAny(_ request: Request, bytesMax: Int) async throws -> JSONValue? {
        let body = try await BodyReader(request, bytesMax: bytesMax).collect()
        if body.readableBytes == 0 { return nil }
        try requireType(of: request)
        return try parse(body, false)
    }

    private static func requireType(of request: Request) throws(APIError) {
        guard let type = request.headers[.contentType].flatMap({ MediaType($0) }), isJSON(type) else {
            throw APIError.unsupportedMediaType(expected: "application/json")
        }
    }

    private static func parse(_ body: ByteBuffer, _ refusingRepeatedKeys: Bool) throws(APIError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: [UInt8](body.readableBytesView), refusingRepeatedKeys: refusingRepeatedKeys)
        } catch {
            throw .malformedRequest("The request body \(error).", logMessage: "\(error)")
        }
    }

    private static func isJSON(_ type: MediaType) -> Bool {
        guard type.name == "application/json" || type.name.hasSuffix("+json") else { return false }
        // JSON is UTF-8 (RFC 8259 §8.1); some clients say so, and no other charset is JSON.
        guard let charset = type.parameters["charset"] else { return true }
        return charset.lowercased() == "utf-8"
    }
}
