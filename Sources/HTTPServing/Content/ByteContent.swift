import HTTPTypes
import Hummingbird
import NIOCore

/// Bytes that a `GET` or `HEAD` answers with: conditions, ranges and caching as RFC 9110 §13 and §14 have them.
///
///     let content = ByteContent(bytes: buffer, contentType: "image/png", entityTag: EntityTag(sha256))
///     return try content.response(to: request)
public struct ByteContent: Sendable {
    /// The content.
    public var bytes: ByteBuffer
    /// Its media type.
    public var contentType: String
    /// Its strong entity tag.
    public var entityTag: EntityTag
    /// The value of `Cache-Control`; none where `nil`.
    public var cacheControl: String?
    /// Header fields that 200, 206 and 304 carry besides.
    public var headers: HTTPFields

    /// Content in a buffer.
    public init(
        bytes: ByteBuffer,
        contentType: String,
        entityTag: EntityTag,
        cacheControl: String? = nil,
        headers: HTTPFields = [:]
    ) {
        precondition(!entityTag.isWeak, "Cannot serve ranges under a weak entity tag")
        self.bytes = bytes
        self.contentType = contentType
        self.entityTag = entityTag
        self.cacheControl = cacheControl
        self.headers = headers
    }

    /// Content in an array.
    public init(
        bytes: [UInt8],
        contentType: String,
        entityTag: EntityTag,
        cacheControl: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.init(
            bytes: ByteBuffer(bytes: bytes),
            contentType: contentType,
            entityTag: entityTag,
            cacheControl: cacheControl,
            headers: headers
        )
    }

    /// The answer to a `GET` or `HEAD`: 200, 206 or 304.
    ///
    /// Throws 412 `PRECONDITION_FAILED` for `If-Match` and 416 `RANGE_NOT_SATISFIABLE` with `Content-Range`.
    /// The order of the conditions is that of RFC 9110 §13.2.2.
    public func response(to request: Request) throws(APIError) -> Response {
        if let condition = EntityTagCondition(.ifMatch, in: request.headers), !condition.stronglyMatches(entityTag) {
            throw APIError(
                .preconditionFailed,
                "PRECONDITION_FAILED",
                "The content is not the one that If-Match names."
            )
        }
        var fields = headers
        fields[.eTag] = entityTag.description
        fields[.cacheControl] = cacheControl
        if let condition = EntityTagCondition(.ifNoneMatch, in: request.headers), condition.weaklyMatches(entityTag) {
            return Response(status: .notModified, headers: fields)
        }
        fields[.contentType] = contentType
        fields[.acceptRanges] = "bytes"
        fields[.xContentTypeOptions] = "nosniff"
        switch range(asked: request) {
        case .whole:
            return answer(.ok, bytes, fields, request)
        case .part(let range):
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.readableBytes)"
            guard let part = bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) else {
                preconditionFailure("Cannot take bytes \(range) of \(bytes.readableBytes)")
            }
            return answer(.partialContent, part, fields, request)
        case .unsatisfiable:
            throw APIError(
                .rangeNotSatisfiable,
                "RANGE_NOT_SATISFIABLE",
                "The content has \(bytes.readableBytes) bytes.",
                details: ["size": .integer(Int64(bytes.readableBytes))],
                headers: [.contentRange: "bytes */\(bytes.readableBytes)"]
            )
        }
    }

    /// `Range` counts for `GET` alone (RFC 9110 §14.2), and only while `If-Range` holds (§13.1.5).
    private func range(asked request: Request) -> ByteRange {
        guard request.method == .get, let field = request.headers[.range] else { return .whole }
        if let condition = request.headers[.ifRange], condition.trimmed != entityTag.description { return .whole }
        return ByteRange(field, byteCount: bytes.readableBytes)
    }

    private func answer(
        _ status: HTTPResponse.Status,
        _ bytes: ByteBuffer,
        _ fields: HTTPFields,
        _ request: Request
    ) -> Response {
        Response(status: status, headers: fields, body: ResponseBody(byteBuffer: bytes))
    }
}
