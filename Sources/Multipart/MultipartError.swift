/// Why a body is not understood. Every case is the sender's mistake.
///
/// `description` is a sentence for the sender; it shows no more of the request than an ``Excerpt``.
public enum MultipartError: Error, Sendable, Equatable {
    // What the request says of its body.

    /// The media type is not `multipart/form-data`.
    case notFormData(Excerpt)
    /// `Content-Type` has no `boundary`.
    case boundaryMissing
    /// The boundary is empty, too long, or has a character that it must not have.
    case boundaryInvalid(Excerpt)

    // The lines between the parts.

    /// The body ended without one delimiter.
    case boundaryNotFound
    /// The body ended before its closing delimiter.
    case truncated(Place)
    /// A line outside the content ends in LF alone. Every client known sends CRLF; a reader that takes both invites a
    /// body that two readers split differently.
    case bareLineFeed(Place)
    /// A CR outside the content that no LF follows.
    case bareCarriageReturn(Place)
    /// Something other than blanks follows a boundary on its line.
    case textAfterBoundary(UInt8)

    // The headers of a part.

    /// A line is not `name: value`.
    case malformedHeaderLine(Excerpt)
    /// A header holds a control character.
    case controlCharacterInHeader(UInt8)
    /// A header that means something here is there twice in one part.
    case repeatedHeader(String)
    /// The value of a header is malformed.
    case malformedHeaderValue(header: String, HeaderValueFault)
    /// A part has no `Content-Disposition`, or no headers at all.
    case contentDispositionMissing
    /// The disposition of a part is not `form-data`.
    case notFormDataPart(Excerpt)
    /// The disposition of a part has no `name`.
    case nameMissing
    /// A part is in base64 or another encoding. RFC 7578 §4.7 deprecates them all, and only `7bit`, `8bit` and `binary`,
    /// which change nothing, are taken.
    case unsupportedTransferEncoding(Excerpt)

    // The text of a field.

    /// The text of a field is not of the charset it should be of; `name` is the field's.
    case invalidText(name: Excerpt)
    /// A field is labelled with a charset that is not read here.
    case unsupportedCharset(name: Excerpt, charset: Excerpt)

    // What the reader does.

    /// A limit of ``MultipartLimits`` was hit.
    case limitExceeded(MultipartLimits.Name, max: Int)
    /// The body was given up in the middle of a chunk, when a handler threw; what follows has lost its context.
    case abandoned

    /// Where in the body something happened.
    public enum Place: String, Sendable, Equatable, CaseIterable {
        case boundaryLine = "after a boundary"
        case headers = "in the headers of a part"
        case content = "in the content of a part"
    }
}

extension MultipartError: CustomStringConvertible {
    /// A sentence without a full stop, fit for an answer to the client.
    public var description: String {
        switch self {
        case .notFormData(let type): "the body is '\(type)', not 'multipart/form-data'"
        case .boundaryMissing: "the Content-Type has no boundary"
        case .boundaryInvalid(let text):
            "the boundary '\(text)' is not 1 to \(Boundary.lengthMax) printable ASCII characters of those allowed"
        case .boundaryNotFound: "the boundary that the Content-Type names is not at the start of any line of the body"
        case .truncated(let place): "the body ends \(place.rawValue), without its closing boundary"
        case .bareLineFeed(let place): "a line ends in LF without CR \(place.rawValue)"
        case .bareCarriageReturn(let place): "there is a CR without LF \(place.rawValue)"
        case .textAfterBoundary(let octet): "\(Self.shown(octet)) follows a boundary on its line"
        case .malformedHeaderLine(let line): "the header line '\(line)' of a part is not 'name: value'"
        case .controlCharacterInHeader(let octet): "a part's header contains \(Self.shown(octet))"
        case .repeatedHeader(let name): "a part has more than one \(name)"
        case .malformedHeaderValue(let header, let fault): "the \(header) is malformed: \(fault)"
        case .contentDispositionMissing: "a part has no Content-Disposition"
        case .notFormDataPart(let disposition): "the Content-Disposition of a part is '\(disposition)', not 'form-data'"
        case .nameMissing: "the Content-Disposition of a part has no name"
        case .unsupportedTransferEncoding(let encoding):
            "a part is sent in the Content-Transfer-Encoding '\(encoding)'; only 7bit, 8bit and binary are read"
        case .invalidText(let name): "the field '\(name)' is not valid UTF-8"
        case .unsupportedCharset(let name, let charset):
            "the field '\(name)' is in the charset '\(charset)'; send UTF-8"
        case .limitExceeded(let limit, let max): "there are more than \(max) \(limit.rawValue)"
        case .abandoned: "the rest of the body was not read"
        }
    }

    /// An octet as itself where it can be shown, else by number.
    private static func shown(_ octet: UInt8) -> String {
        (0x21...0x7E).contains(octet) ? "'\(Unicode.Scalar(octet))'" : "the character 0x\(Excerpt.hex(octet))"
    }
}
