import HTTPServing
import Testing

/// Bytes that are no HTTP request, over a real socket: whole, and cut into single bytes.
@Suite(.timeLimit(.minutes(5)))
struct MalformedRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: String
        var status = 400
        var code = "MALFORMED_REQUEST"
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "no HTTP at all", bytes: "hello there\r\n\r\n"),
        Case(name: "TLS", bytes: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\r\n\r\n"),
        Case(name: "HTTP/2 preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Case(name: "unknown version", bytes: "GET / HTTP/3.7\r\nHost: x\r\n\r\n"),
        Case(name: "space in the target", bytes: "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case(name: "space before the colon", bytes: "GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        Case(name: "no name", bytes: "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n"),
        Case(name: "no Host", bytes: "GET /hello HTTP/1.1\r\n\r\n"),
        Case(name: "two Hosts", bytes: "GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        Case(name: "length no number", bytes: "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n"),
        Case(name: "length negative", bytes: "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        Case(
            name: "length past 64 bits",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"
        ),
        Case(
            name: "two lengths",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na"
        ),
        Case(
            name: "length and chunks",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        Case(
            name: "unknown coding",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
        ),
        Case(
            name: "chunk size no number",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
        ),
        Case(
            name: "chunk longer than its size",
            bytes: "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"
        ),
        Case(
            name: "a field too long",
            bytes: "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 2000))\r\n\r\n",
            status: 431
        ),
        Case(
            name: "a target too long",
            bytes: "GET /\(String(repeating: "a", count: 2000)) HTTP/1.1\r\nHost: x\r\n\r\n",
            status: 431
        ),
        Case(
            name: "too many fields",
            bytes: "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "a: b\r\n", count: 40))\r\n",
            status: 431
        ),
        Case(
            name: "too much header in all",
            bytes: "GET / HTTP/1.1\r\nHost: x\r\n"
                + (0..<20).map { "a\($0): \(String(repeating: "b", count: 200))\r\n" }.joined() + "\r\n",
            status: 431
        ),
    ]

    static var limits: ServingLimits {
        var limits = ServingLimits()
        limits.headerFieldBytesMax = 1000
        limits.headerBytesMax = 3000
        limits.headerFieldsMax = 32
        // Byte by byte takes its time on a busy machine; how long a header may take is tested elsewhere.
        limits.firstByteTimeoutMs = 120_000
        limits.headerTimeoutMs = 120_000
        limits.halfClosedMs = 120_000
        return limits
    }

    @Test("is answered in the error shape, and the connection closes", arguments: cases, [false, true])
    func malformed(_ example: Case, byteByByte: Bool) async throws {
        let (response, isClosed) = try await TestServer.connected(limits: Self.limits) { client in
            if byteByByte {
                // What is long and all alike need not come byte by byte to its end.
                var rest = Array(example.bytes.utf8)[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(rest.count > 200 ? 61 : 1)
                    rest = rest.dropFirst(piece.count)
                    // Some are refused, and the connection closed, before their last byte.
                    do { try await client.send(bytes: Array(piece)) } catch { break }
                }
            } else {
                try await client.send(example.bytes)
            }
            let response = try await client.receive()
            return (response, await client.isClosedByServer())
        }
        try expectError(response, status: example.status, code: example.code)
        #expect(response["connection"] == "close")
        #expect(response["x-request-id"] != nil)
        #expect(response["date"]?.hasSuffix(" GMT") == true)
        #expect(isClosed)
    }

    @Test("a request before the malformed one is answered first")
    func pipelined() async throws {
        let (first, second, isClosed) = try await TestServer.connected { client in
            try await client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
            return (try await client.receive(), try await client.receive(), await client.isClosedByServer())
        }
        #expect(first.text == "hello")
        try expectError(second, status: 400, code: "MALFORMED_REQUEST")
        #expect(isClosed)
    }

    @Test(
        "a client that closes within the header or the body gets 400 if it still listens",
        arguments: [
            "GET /hel", "GET /hello HTTP/1.1\r\nHos", "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ]
    )
    func truncated(bytes: String) async throws {
        let response = try await TestServer.connected(limits: Self.limits) { client in
            try await client.send(bytes)
            try await client.closeOutput()
            return try await client.receive()
        }
        try expectError(response, status: 400, code: "MALFORMED_REQUEST")
    }
}
