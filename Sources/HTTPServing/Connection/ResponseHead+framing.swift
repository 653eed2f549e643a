import NIOHTTP1

extension HTTPResponseHead {
    /// Whether the status has a body at all (RFC 9110 §6.4.1).
    private var hasBody: Bool {
        switch status.code {
        case 100..<200, 204, 304: false
        default: true
        }
    }

    /// Whether the header itself tells where the answer ends.
    var isDelimited: Bool { !hasBody || headers.contains(name: "content-length") }

    /// The header as it goes to the wire: `Content-Length` or chunks as RFC 9112 §6 has them, and whether the
    /// connection is kept.
    func framed(_ framing: ConnectionState.ResponseFraming) -> HTTPResponseHead {
        var head = self
        // What the answer to HEAD says of its length is what GET would say; there is nothing to delimit.
        if !hasBody { head.headers.remove(name: "content-length") }
        head.headers.remove(name: "transfer-encoding")
        if hasBody, !isDelimited, !framing.isHead, !framing.isHTTP10 {
            head.headers.add(name: "transfer-encoding", value: "chunked")
        }
        if framing.closes {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if framing.isHTTP10 {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }
}
