/// What the headers of one part say, as far as form data gives them a meaning.
///
/// Of the header fields, `Content-Disposition`, `Content-Type` and `Content-Transfer-Encoding` are read, and none of
/// them may be there twice; all others are ignored, as RFC 7578 §4.8 demands.
public struct PartHeaders: Sendable, Equatable {
    /// The name of the form field.
    public let name: String
    /// The name of the file; `nil` where the part has none, which makes it a plain field. See ``ContentDisposition``.
    public let filename: String?
    /// The type that the client claims. `nil` where the part has none, and also where what it has is no media type: a
    /// claim that cannot be read is no claim, and nothing here depends on it.
    public let contentType: MediaType?

    /// The `charset` that the client claims, as sent.
    public var charset: String? { contentType?.parameter("charset") }

    /// Reads the header block of a part.
    init(_ block: HeaderBlock, limits: MultipartLimits) throws(MultipartError) {
        var disposition: ContentDisposition?
        var contentTypeOctets: ArraySlice<UInt8>?
        var transferEncoding: ArraySlice<UInt8>?
        for line in block.fields {
            let (name, value) = try Self.split(line)
            switch name {
            case "content-disposition":
                if disposition != nil { throw .repeatedHeader("Content-Disposition") }
                disposition = try ContentDisposition(octets: value)
            case "content-type":
                if contentTypeOctets != nil { throw .repeatedHeader("Content-Type") }
                contentTypeOctets = value
            case "content-transfer-encoding":
                if transferEncoding != nil { throw .repeatedHeader("Content-Transfer-Encoding") }
                transferEncoding = value
            default:
                break
            }
        }
        guard let disposition else { throw .contentDispositionMissing }
        guard disposition.name.utf8.count <= limits.nameBytesMax else {
            throw .limitExceeded(.nameBytes, max: limits.nameBytesMax)
        }
        if let transferEncoding, !["7bit", "8bit", "binary"].contains(transferEncoding.lowercasedASCII) {
            throw .unsupportedTransferEncoding(Excerpt(of: transferEncoding))
        }
        name = disposition.name
        filename = disposition.filename
        contentType = contentTypeOctets.flatMap(Self.mediaType)
    }

    /// One header line as its name, in lower case, and its value without the blanks around it.
    private static func split(_ line: ArraySlice<UInt8>) throws(MultipartError) -> (String, ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: .colon), colon > line.startIndex,
            line[..<colon].allSatisfy(\.isToken)
        else {
            throw .malformedHeaderLine(Excerpt(of: line))
        }
        return (line[..<colon].lowercasedASCII, line[(colon + 1)...].withoutOuterBlanks)
    }

    /// The media type, or `nil` where the text is none.
    private static func mediaType(_ octets: ArraySlice<UInt8>) -> MediaType? {
        do {
            return try MediaType(octets: octets)
        } catch {
            return nil
        }
    }
}
