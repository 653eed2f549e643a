/// The paths of the API. Ids come from storage and are written into URLs as they are where every character of them may
/// stand there, percent-encoded otherwise (RFC 3986 §2.1).
package enum ImagePaths {
    package static let collection = "/api/v2/images/"

    package static func image(_ id: String) -> String { collection + encoded(id) }

    package static func content(of id: String) -> String { image(id) + "/content" }

    package static func versions(of id: String) -> String { image(id) + "/versions" }

    /// A text as one segment of a path or as a value of a query: only unreserved characters stay (RFC 3986 §2.3).
    package static func encoded(_ text: String) -> String {
        // Most are ids, which are written as they are.
        if text.utf8.allSatisfy(isUnreserved) { return text }
        var result = ""
        for byte in text.utf8 {
            guard !isUnreserved(byte) else {
                result.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            let digits = String(byte, radix: 16, uppercase: true)
            result += byte < 16 ? "%0" + digits : "%" + digits
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
