import FoundationEssentials

/// Name and password of HTTP's Basic authentication (RFC 7617).
struct BasicCredentials: Sendable, Hashable {
    let name: String
    let password: String

    /// Reads the value of an `Authorization` field; nil where it is something else.
    init?(_ field: String) {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(parts[1])), let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        name = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }
}
