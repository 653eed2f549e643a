import NIOHTTP1

/// What a connection has to know of a request's header: how the body ends, and whether the connection lives on.
struct RequestFraming: Sendable, Equatable {
    /// The answer has no body.
    var isHead = false
    /// The client is of HTTP/1.0: it knows neither chunks nor `100 Continue`.
    var isHTTP10 = false
    /// The client wants to send further requests.
    var keepsAlive = true
    /// The client holds the body back until it is asked for it (`Expect: 100-continue`, RFC 9110 §10.1.1).
    var expectsContinue = false
    /// `Content-Length`; `nil` for a chunked body.
    var contentLength: Int? = 0

    init() {}

    /// Reads a header. Throws where RFC 9112 asks for the request to be refused and the parser lets it through.
    init(_ head: HTTPRequestHead) throws(ConnectionError) {
        isHead = head.method == .HEAD
        isHTTP10 = head.version.major == 1 && head.version.minor == 0
        if !isHTTP10, head.headers["host"].count != 1 { throw .hostMissing }
        // The parser stops for good after a request that asks for another protocol, answered or not.
        let upgrades = head.headers.contains(name: "upgrade") || head.method == .CONNECT
        keepsAlive = head.isKeepAlive && !upgrades
        expectsContinue =
            !isHTTP10 && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        let codings = head.headers[canonicalForm: "transfer-encoding"]
        if codings.isEmpty {
            // The parser has checked that it is a number, of 64 bits without a sign.
            contentLength = head.headers.first(name: "content-length").map { Int($0) ?? Int.max } ?? 0
        } else {
            guard codings.count == 1, codings[0].lowercased() == "chunked" else { throw .transferCodingUnknown }
            contentLength = nil
        }
    }
}
