/// The string that separates the parts of a body (RFC 2046 §5.1.1): 1…70 characters.
///
/// The RFC allows letters, digits, `'()+_,-./:=?` and, not at the end, the space. Clients are not that careful, so any
/// token character of RFC 9110 (`!#$%&*^|~` and the backtick) passes as well. What makes a boundary safe is that it is
/// printable ASCII: without CR and LF in it, the delimiter `CRLF "--" boundary` cannot overlap itself, which the search
/// for it relies on.
public struct Boundary: Sendable, Equatable {
    /// RFC 2046 §5.1.1.
    public static let lengthMax = 70

    /// The boundary's characters, all ASCII, without the leading dashes of a delimiter.
    public let octets: [UInt8]

    /// Takes `text` as a boundary, or throws ``MultipartError/boundaryInvalid(_:)``.
    public init(_ text: String) throws(MultipartError) {
        let octets = Array(text.utf8)
        guard (1...Self.lengthMax).contains(octets.count), octets.last != .space,
            octets.allSatisfy({ $0.isBoundaryCharacter || $0.isToken })
        else {
            throw .boundaryInvalid(Excerpt(of: octets))
        }
        self.octets = octets
    }

    /// Takes the boundary out of the `Content-Type` of a request.
    ///
    /// Throws ``MultipartError/notFormData(_:)`` where the type is not `multipart/form-data`,
    /// ``MultipartError/boundaryMissing`` and ``MultipartError/boundaryInvalid(_:)``.
    public init(of mediaType: MediaType) throws(MultipartError) {
        guard mediaType.essence == "multipart/form-data" else {
            throw .notFormData(Excerpt(of: mediaType.essence))
        }
        guard let text = mediaType.parameter("boundary") else { throw .boundaryMissing }
        try self.init(text)
    }
}
