/// What the URLs in answers start with (contract §1, §7): `PUBLIC_URL` where it is set; else the bound address; else,
/// where the service is bound to a wildcard, the `Host` that the client asked for.
package struct PublicURL: Sendable, Hashable {
    private enum Base: Sendable, Hashable {
        case fixed(String)
        case requested(port: Int)
    }

    private let base: Base
    /// The path part of `PUBLIC_URL`, without a slash at its end: what a proxy cuts off before it asks us.
    package let pathPrefix: String

    /// - Parameter setting: a value that `PublicURL.parsed` accepted.
    package init(setting: String) {
        let trimmed = setting.hasSuffix("/") ? String(setting.dropLast()) : setting
        base = .fixed(trimmed)
        let afterScheme = trimmed.utf8.firstRange(of: "://".utf8)?.upperBound ?? trimmed.startIndex
        pathPrefix = trimmed[afterScheme...].firstIndex(of: "/").map { String(trimmed[$0...]) } ?? ""
    }

    /// - Parameters:
    ///   - host: the address that HTTP is bound to.
    ///   - port: the port that it really has.
    package init(boundTo host: String, port: Int) {
        pathPrefix = ""
        if ["0.0.0.0", "::", "[::]", "*"].contains(host) {
            base = .requested(port: port)
        } else {
            base = .fixed("http://\(PublicURL.literal(host)):\(port)")
        }
    }

    /// The URL for an answer, without a slash at its end.
    ///
    /// A `Host` that could not stand in a URL is not repeated: who sends it gets a URL of the loopback.
    package func text(requestHost: String?) -> String {
        switch base {
        case .fixed(let url): url
        case .requested(let port):
            if let requestHost, PublicURL.isAuthority(requestHost) {
                "http://\(requestHost)"
            } else {
                "http://127.0.0.1:\(port)"
            }
        }
    }

    /// A host as it stands in a URL: an IPv6 address in brackets (RFC 3986 §3.2.2).
    package static func literal(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }

    /// Whether a text is `host` or `host:port` as RFC 3986 §3.2 writes them, without user information.
    package static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 261
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }

    /// What is wrong with a value of `PUBLIC_URL`; `nil` where nothing is.
    package static func problem(with value: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: { value.lowercased().hasPrefix($0) }) else {
            return "must start with http:// or https://"
        }
        let rest = value.dropFirst(scheme.count)
        guard isAuthority(String(rest.prefix(while: { $0 != "/" && $0 != "?" && $0 != "#" }))) else {
            return "must name a host, without user information"
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { return "must have no query and no fragment" }
        guard
            rest.unicodeScalars.allSatisfy({
                $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "<" && $0 != ">"
            })
        else { return "must be written in the characters of a URL" }
        return nil
    }
}
