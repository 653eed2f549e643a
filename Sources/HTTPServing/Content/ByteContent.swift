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
        let plan = try plan(for: request, byteCount: bytes.readableBytes)
        guard let range = plan.range else { return plan.response() }
        guard let part = bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) else {
            preconditionFailure("Cannot take bytes \(range) of \(bytes.readableBytes)")
        }
        return plan.response(ResponseBody(byteBuffer: part))
    }

    /// The same for content whose bytes are somewhere else: says which of them are wanted, before anybody fetches them.
    /// ``bytes`` does not count.
    ///
    /// - Parameter byteCount: how many there are in all.
    public func plan(for request: Request, byteCount: Int) throws(APIError) -> Plan {
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
            return Plan(status: .notModified, headers: fields, range: nil)
        }
        fields[.contentType] = contentType
        fields[.acceptRanges] = "bytes"
        fields[.xContentTypeOptions] = "nosniff"
        switch range(asked: request, of: byteCount) {
        case .whole:
            return Plan(status: .ok, headers: fields, range: 0..<byteCount)
        case .part(let range):
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)"
            return Plan(status: .partialContent, headers: fields, range: range)
        case .unsatisfiable:
            throw APIError(
                .rangeNotSatisfiable,
                "RANGE_NOT_SATISFIABLE",
                "The content has \(byteCount) bytes.",
                details: ["size": .integer(Int64(byteCount))],
                headers: [.contentRange: "bytes */\(byteCount)"]
            )
        }
    }

    /// `Range` counts for `GET` alone (RFC 9110 §14.2), and only while `If-Range` holds (§13.1.5).
    private func range(asked request: Request, of byteCount: Int) -> ByteRange {
        guard request.method == .get, let field = request.headers[.range] else { return .whole }
        if let condition = request.headers[.ifRange], condition.trimmed != entityTag.description { return .whole }
        return ByteRange(field, byteCount: byteCount)
    }

    /// What a request is answered with: the head of the answer, and the bytes that belong into it.
    public struct Plan: Sendable {
        public let status: HTTPResponse.Status
        public let headers: HTTPFields
        /// The bytes that are wanted; `nil` for a 304, which has none.
        public let range: Range<Int>?

        /// The answer with these bytes. For a `HEAD` nobody ever asks `body` to write them, but its length counts.
        public func response(_ body: ResponseBody = ResponseBody()) -> Response {
            Response(status: status, headers: headers, body: body)
        }
    }
}
