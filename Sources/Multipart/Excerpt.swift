/// A short, harmless rendering of octets that came from the other side, for error messages and logs.
///
/// At most ``octetsMax`` octets are kept; all but printable ASCII is written as `\xNN`, and so are the quote and
/// the backslash: an excerpt can break neither a log line nor a JSON string, and no payload leaks through it.
///
///     Excerpt(of: Array("a\r\nb".utf8)).description  // a\x0D\x0Ab
public struct Excerpt: Sendable, Equatable, CustomStringConvertible {
    /// How many octets of the original an excerpt shows; what is longer ends in `...`.
    public static let octetsMax = 48

    /// The escaped text.
    public let description: String

    /// Renders the beginning of `octets`.
    public init(of octets: some Collection<UInt8>) {
        var text = ""
        for octet in octets.prefix(Self.octetsMax) {
            if (0x20...0x7E).contains(octet), octet != .quote, octet != .backslash {
                text.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                text += "\\x" + Self.hex(octet)
            }
        }
        description = octets.count > Self.octetsMax ? text + "..." : text
    }

    /// Renders the beginning of `text`, as UTF-8.
    public init(of text: String) {
        self.init(of: text.utf8)
    }

    /// Two upper-case hexadecimal digits.
    static func hex(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 16, uppercase: true)
        return octet < 0x10 ? "0" + digits : digits
    }
}

extension Excerpt: ExpressibleByStringLiteral {
    /// Renders the beginning of a text of our own.
    public init(stringLiteral text: String) {
        self.init(of: text)
    }
}
