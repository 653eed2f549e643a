/// Percent-encoding of URLs (RFC 3986 §2.1).
package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".unicodeScalars)

    /// The text as it may stand in any part of a URL: everything but the unreserved characters of RFC 3986 §2.3 is
    /// escaped, octet by octet of its UTF-8.
    package static func encode(_ text: String) -> String {
        var encoded = String.UnicodeScalarView()
        for octet in text.utf8 {
            let scalar = Unicode.Scalar(octet)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": encoded.append(scalar)
            default: encoded.append(contentsOf: ["%", digits[Int(octet >> 4)], digits[Int(octet & 15)]])
            }
        }
        return String(encoded)
    }
}
