import HTTPTypes

/// A media type with its parameters (RFC 9110 §8.3.1): `text/html; charset="utf-8"`.
public struct MediaType: Sendable, Equatable {
    /// `type/subtype` in lower case.
    public let name: String
    /// The parameters; names in lower case, values unquoted. The first of two with the same name counts.
    public let parameters: [String: String]

    /// Reads the value of a `Content-Type` field; `nil` where it is malformed.
    public init?(_ text: String) {
        var bytes = text.utf8[...]
        Self.skipSpace(&bytes)
        guard let type = Self.token(&bytes), bytes.popFirst() == UInt8(ascii: "/"), let subtype = Self.token(&bytes)
        else { return nil }
        name = "\(type)/\(subtype)".lowercased()
        var parameters: [String: String] = [:]
        while true {
            Self.skipSpace(&bytes)
            guard let separator = bytes.popFirst() else { break }
            guard separator == UInt8(ascii: ";") else { return nil }
            Self.skipSpace(&bytes)
            // RFC 9110 §5.6.6 allows an empty parameter: `text/html;` and `text/html; ;charset=utf-8`.
            guard let parameter = Self.token(&bytes) else { continue }
            guard bytes.popFirst() == UInt8(ascii: "="), let value = Self.value(&bytes) else { return nil }
            if parameters[parameter.lowercased()] == nil { parameters[parameter.lowercased()] = value }
        }
        self.parameters = parameters
    }

    private static func skipSpace(_ bytes: inout Substring.UTF8View) {
        bytes = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private static func token(_ bytes: inout Substring.UTF8View) -> String? {
        let token = bytes.prefix { FieldSyntax.isTokenByte($0) }
        guard !token.isEmpty else { return nil }
        bytes = bytes[token.endIndex...]
        return String(Substring(token))
    }

    private static func value(_ bytes: inout Substring.UTF8View) -> String? {
        guard bytes.first == UInt8(ascii: "\"") else { return token(&bytes) }
        bytes.removeFirst()
        var value: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(validating: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.popFirst() else { return nil }
                value.append(escaped)
            default:
                value.append(byte)
            }
        }
        return nil
    }
}
