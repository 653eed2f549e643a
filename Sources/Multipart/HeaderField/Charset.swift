/// The character encodings that the text of a field may come in.
///
/// RFC 7578 §5.1.2 wants UTF-8. Apache HttpClient labels its text fields ISO-8859-1 unless told otherwise, so that one
/// is read too. The `_charset_` field (RFC 7578 §4.6) has no effect: it is a field like any other.
enum Charset: Equatable {
    case utf8
    case latin1

    /// The charset of that label, in any case, or `nil` where it is none of ours. US-ASCII is read as UTF-8, of which
    /// it is a part.
    init?(label: String) {
        switch label.utf8.lowercasedASCII {
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "iso-8859-1", "latin1": self = .latin1
        default: return nil
        }
    }

    /// The text, or `nil` where the octets are not of this charset; nothing is repaired.
    func decode(_ octets: [UInt8]) -> String? {
        switch self {
        case .utf8:
            return String(validating: octets, as: UTF8.self)
        case .latin1:
            var text = ""
            text.unicodeScalars.append(contentsOf: octets.lazy.map { Unicode.Scalar($0) })
            return text
        }
    }
}
