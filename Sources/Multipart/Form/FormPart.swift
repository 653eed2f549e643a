/// One part of a form, as a ``FormCollector`` has gathered it.
public struct FormPart: Sendable, Equatable {
    /// What became of the content.
    public enum Content: Sendable, Equatable {
        /// A field: its octets.
        case field([UInt8])
        /// A field of more octets than it may have: they were dropped. The form goes on, so that what else is wrong with it
        /// comes to light too.
        case overlongField(bytesMax: Int)
        /// A file: its octets were handed on as they came.
        case file
        /// Nobody asked for a part of this name: its octets were dropped.
        case ignored
    }

    /// What the part's headers say: its name, and whether it had a filename.
    public let headers: PartHeaders
    /// What became of the content.
    public internal(set) var content: Content
    /// How many octets the content had.
    public internal(set) var byteCount = 0

    /// The name of the form field.
    public var name: String { headers.name }

    /// The text of a field: UTF-8, or ISO-8859-1 where the part says so. `nil` where the part is no field, or an overlong
    /// one.
    ///
    /// Nothing is repaired: throws ``MultipartError/invalidText(name:)`` or
    /// ``MultipartError/unsupportedCharset(name:charset:)``.
    public func text() throws(MultipartError) -> String? {
        guard case .field(let octets) = content else { return nil }
        let label = headers.charset ?? "utf-8"
        guard let charset = Charset(label: label) else {
            throw .unsupportedCharset(name: Excerpt(of: name), charset: Excerpt(of: label))
        }
        guard let text = charset.decode(octets) else { throw .invalidText(name: Excerpt(of: name)) }
        return text
    }
}
