/// The `Content-Disposition` of a part of form data (RFC 7578 §4.2): `form-data; name="…"; filename="…"`.
///
/// Senders write a quote inside a quoted string in two ways, and both are read: `%22` (browsers, with `%0D` and `%0A`
/// for line ends, as the WHATWG HTML standard wants it) and `\"` (older curl, Go). No other percent sequence is
/// decoded, since a percent sign itself is never encoded. A backslash escapes `"` and `\` only; before anything else
/// it stands for itself, because browsers do not escape it and old ones send whole paths (`C:\pictures\a.png`).
///
/// `name` must be there and be UTF-8. `filename` is for people to read, never a path to be trusted; octets in it that
/// are not UTF-8 become U+FFFD rather than spoil the upload. `filename*` must not be sent (RFC 7578 §4.2) and is ignored
/// beside `filename`; alone, as some old clients send it, it is decoded by RFC 8187. `name*` and all else is ignored.
public struct ContentDisposition: Sendable, Equatable {
    /// The name of the form field.
    public let name: String
    /// The name of the file as the client told it. Empty is not `nil`: a browser sends `filename=""` where no file was
    /// chosen.
    public let filename: String?

    /// Parses the value of the field.
    ///
    /// Throws ``MultipartError/malformedHeaderValue(header:_:)``, ``MultipartError/notFormDataPart(_:)`` or
    /// ``MultipartError/nameMissing``.
    public init(octets: ArraySlice<UInt8>) throws(MultipartError) {
        let header = "Content-Disposition"
        let field = try ParameterizedValue(octets, of: header, quoting: .formData)
        guard field.value.lowercasedASCII == "form-data" else {
            throw .notFormDataPart(Excerpt(of: field.value))
        }
        guard let nameOctets = field["name"] else { throw .nameMissing }
        guard let name = String(validating: nameOctets, as: UTF8.self) else {
            throw .malformedHeaderValue(header: header, .invalidUTF8(parameter: "name"))
        }
        self.name = name
        if let octets = field["filename"] {
            filename = String(decoding: octets, as: UTF8.self)
        } else if let octets = field["filename*"] {
            guard let text = ExtendedValue.decode(octets) else {
                throw .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
            }
            filename = text
        } else {
            filename = nil
        }
    }

    /// Takes the character that a backslash escapes off `rest`, if it is one of those that it does escape.
    static func takeEscaped(from rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let next = rest.first, next == .quote || next == .backslash else { return nil }
        rest.removeFirst()
        return next
    }

    /// Takes the two digits after a percent sign off `rest`, if they stand for one of the characters that senders encode.
    static func takePercentEncoded(from rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let octet = ExtendedValue.percentEncoded(rest.prefix(2)) else { return nil }
        guard octet == .quote || octet == .carriageReturn || octet == .lineFeed else { return nil }
        rest.removeFirst(2)
        return octet
    }
}
