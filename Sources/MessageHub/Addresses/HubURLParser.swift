/// Reads one AMQP URI (RabbitMQ URI specification; RFC 3986 for the syntax).
///
///     amqp_URI = "amqp://" [ user [ ":" password ] "@" ] host [ ":" port ] [ "/" vhost ] [ "?" query ]
///
/// An absent vhost is `/`; an empty one (`amqp://host/`) is the vhost with the empty name, as the specification says.
struct HubURLParser {
    private var rest: Substring

    /// What is wrong with a URI; never quotes it.
    struct Failure: Error {
        let problem: String
    }

    init(_ text: Substring) { rest = text }

    mutating func parse() throws(Failure) -> HubEndpoint {
        guard !rest.isEmpty else { throw Failure(problem: "the URL is empty") }
        guard let colon = rest.firstIndex(of: ":"), rest[colon...].starts(with: "://") else {
            throw Failure(problem: "the URL must start with amqp:// or amqps://")
        }
        let scheme = rest[..<colon].lowercased()
        guard scheme == "amqp" || scheme == "amqps" else {
            throw Failure(problem: "the URL must start with amqp:// or amqps://")
        }
        rest = rest[rest.index(colon, offsetBy: 3)...]
        guard !rest.contains("#") else {
            throw Failure(problem: "the URL has a fragment (#), which means nothing here")
        }

        let query = cut("?")
        let path = cut("/")
        var endpoint = HubEndpoint(tls: scheme == "amqps" ? HubEndpoint.TLS() : nil)
        try readAuthority(into: &endpoint)
        if let path {
            guard !path.contains("/") else { throw Failure(problem: "a / in the vhost must be written %2F") }
            endpoint.vhost = try decode(path, "vhost")
        }
        if let query { try readQuery(query, into: &endpoint) }
        return endpoint
    }

    /// Takes what is behind the first `separator` off the rest; `nil` where there is none.
    private mutating func cut(_ separator: Character) -> Substring? { cut(at: rest.firstIndex(of: separator)) }

    private mutating func cutLast(_ separator: Character) -> Substring? { cut(at: rest.lastIndex(of: separator)) }

    private mutating func cut(at index: Substring.Index?) -> Substring? {
        guard let index else { return nil }
        let behind = rest[rest.index(after: index)...]
        rest = rest[..<index]
        return behind
    }

    private mutating func readAuthority(into endpoint: inout HubEndpoint) throws(Failure) {
        if let address = cutLast("@") {
            let password = cut(":")
            endpoint.user = try decode(rest, "user")
            // A user without a password has the empty one, not the default user's.
            endpoint.password = try decode(password ?? "", "password")
            rest = address
        }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw Failure(problem: "the IPv6 address has no ]") }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw Failure(problem: "the IPv6 address is malformed")
            }
            endpoint.host = String(address)
            rest = rest[rest.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw Failure(problem: "only a port may follow the ]") }
            if !rest.isEmpty { try readPort(rest.dropFirst(), into: &endpoint) }
            return
        }
        if let port = cut(":") { try readPort(port, into: &endpoint) }
        let host = try decode(rest, "host")
        guard host.unicodeScalars.allSatisfy({ $0.value > 0x20 && !"/:@[]".unicodeScalars.contains($0) }) else {
            throw Failure(problem: "the host has a character that no host name has")
        }
        if !host.isEmpty { endpoint.host = host }
    }

    private func readPort(_ text: Substring, into endpoint: inout HubEndpoint) throws(Failure) {
        // RFC 3986 §3.2.3: an empty port is as good as none.
        if text.isEmpty { return }
        endpoint.port = try number(text, in: 1...65_535, "port")
    }

    private func readQuery(_ query: Substring, into endpoint: inout HubEndpoint) throws(Failure) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            let value = try decode(parts.count > 1 ? parts[1] : "", "parameter")
            switch key {
            case "heartbeat": endpoint.heartbeatS = try number(value[...], in: 0...65_535, key)
            case "connection_timeout": endpoint.connectTimeoutMs = try number(value[...], in: 1...600_000, key)
            case "cacertfile": try setTLS(&endpoint, key) { $0.caFile = value }
            case "certfile": try setTLS(&endpoint, key) { $0.certificateFile = value }
            case "keyfile": try setTLS(&endpoint, key) { $0.keyFile = value }
            case "verify":
                guard value == "verify_peer" || value == "verify_none" else {
                    throw Failure(problem: "verify must be verify_peer or verify_none")
                }
                try setTLS(&endpoint, key) { $0.verifiesPeer = value == "verify_peer" }
            case "auth_mechanism":
                guard value.lowercased() == "plain" else { throw Failure(problem: "auth_mechanism must be plain") }
            default:
                throw Failure(
                    problem: "the URL has an unknown parameter; known are heartbeat, connection_timeout, cacertfile, "
                        + "certfile, keyfile, verify and auth_mechanism"
                )
            }
        }
        if let tls = endpoint.tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
            throw Failure(problem: "certfile and keyfile go together")
        }
    }

    private func setTLS(
        _ endpoint: inout HubEndpoint,
        _ key: String,
        _ change: (inout HubEndpoint.TLS) -> Void
    ) throws(Failure) {
        guard endpoint.tls != nil else { throw Failure(problem: "\(key) needs amqps://") }
        change(&endpoint.tls!)
    }

    private func number(_ text: Substring, in range: ClosedRange<Int>, _ what: String) throws(Failure) -> Int {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text), range.contains(value) else {
            throw Failure(problem: "\(what) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func decode(_ text: Substring, _ what: String) throws(Failure) -> String {
        // A NUL would end the string that librabbitmq gets.
        guard let decoded = PercentCoding.decode(text), !decoded.utf8.contains(0) else {
            throw Failure(problem: "the \(what) is not percent-encoded UTF-8")
        }
        guard decoded.utf8.count <= 255 || what == "parameter" else {
            throw Failure(problem: "the \(what) is longer than 255 bytes")
        }
        return decoded
    }
}
