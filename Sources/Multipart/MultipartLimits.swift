/// What one multipart body may cost. Whoever sends more than a limit allows gets
/// ``MultipartError/limitExceeded(_:max:)`` naming it, at the first octet that is too many.
///
/// The memory that a ``MultipartParser`` itself holds is bounded by `headerBytesMax` and the boundary, whatever the
/// size of the body. The size of a part's content is the business of whoever takes it; `partBytesMax` is there for
/// those who have no better place to count.
public struct MultipartLimits: Sendable, Equatable {
    /// Parts in the body. Range 0…, default 64.
    public var partsMax: Int
    /// Octets of the header block of one part, line ends included; also the transport padding of one delimiter line.
    /// Range 1…, default 8192.
    public var headerBytesMax: Int
    /// Header fields in one part (a folded field is one). Range 1…, default 16.
    public var headersMax: Int
    /// Octets of the `name` of a part, decoded, as UTF-8. Range 0…, default 256.
    public var nameBytesMax: Int
    /// Octets before the first delimiter. Nobody needs any; RFC 2046 §5.1.1 allows them. Range 0…, default 1024.
    public var preambleBytesMax: Int
    /// Octets after the closing delimiter, its own line end included. Range 0…, default 1024.
    public var epilogueBytesMax: Int
    /// Octets of the content of one part; `nil`, the default, leaves the counting to the caller.
    public var partBytesMax: Int?

    /// Parameters of one header field value, here and in the request's `Content-Type`: keeps the search for repeated
    /// ones cheap. Not adjustable.
    public static let parametersMax = 16

    /// Limits that no known client reaches by itself, and which an argument moves.
    public init(
        partsMax: Int = 64,
        headerBytesMax: Int = 8192,
        headersMax: Int = 16,
        nameBytesMax: Int = 256,
        preambleBytesMax: Int = 1024,
        epilogueBytesMax: Int = 1024,
        partBytesMax: Int? = nil
    ) {
        self.partsMax = partsMax
        self.headerBytesMax = headerBytesMax
        self.headersMax = headersMax
        self.nameBytesMax = nameBytesMax
        self.preambleBytesMax = preambleBytesMax
        self.epilogueBytesMax = epilogueBytesMax
        self.partBytesMax = partBytesMax
    }
}

extension MultipartLimits {
    /// Which limit was hit, in the words of the message.
    public enum Name: String, Sendable, Equatable, CaseIterable {
        case parts = "parts in the body"
        case delimiterPaddingBytes = "bytes of padding after a boundary"
        case headerBytes = "bytes in the headers of a part"
        case headers = "headers in a part"
        case nameBytes = "bytes in the name of a part"
        case preambleBytes = "bytes before the first boundary"
        case epilogueBytes = "bytes after the closing boundary"
        case partBytes = "bytes in a part"
    }
}
