/// A server that is spoken to in the clear, `http://host:port`.
struct PlainOrigin: Sendable, Hashable {
    let host: String
    let port: Int
    /// What stands in the `Host` field.
    let authority: String

    /// Splits a URL into the server and what is asked of it; `nil` for one of another scheme, or with anything but host and
    /// port before its path.
    static func split(_ url: String) -> (origin: PlainOrigin, target: String)? {
        guard url.utf8.starts(with: "http://".utf8) else { return nil }
        let rest = url.utf8.dropFirst(7)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let target = rest[authority.endIndex...]
        guard target.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }),
            target.first != UInt8(ascii: "?"), let origin = PlainOrigin(Substring(authority))
        else { return nil }
        return (origin, target.isEmpty ? "/" : String(Substring(target)))
    }

    private init?(_ authority: Substring) {
        let bytes = authority.utf8
        // An IPv6 address stands in brackets, and its colons are none of ours (RFC 3986 §3.2.2).
        let hostEnd = bytes.first == UInt8(ascii: "[") ? bytes.firstIndex(of: UInt8(ascii: "]")) : bytes.startIndex
        guard let hostEnd, !bytes.contains(UInt8(ascii: "@")), !bytes.contains(UInt8(ascii: "%")) else { return nil }
        let colon = bytes[hostEnd...].firstIndex(of: UInt8(ascii: ":"))
        let host = authority[..<(colon ?? bytes.endIndex)]
        let port = colon.map { Int(authority[bytes.index(after: $0)...]) } ?? 80
        guard !host.isEmpty, let port, (1...65_535).contains(port) else { return nil }
        self.host = String(host.first == "[" ? host.dropFirst().dropLast() : host)
        self.port = port
        self.authority = String(authority)
    }
}
