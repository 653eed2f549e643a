import HTTPServing
import Testing

/// Which connections go on after an answer, and how answers end (RFC 9112 §6, §9).
@Suite(.timeLimit(.minutes(5)))
struct PersistenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let goesOn: Bool
        var connection: String?
        var body = "hello"
        var testDescription: String { request.split(separator: "\r\n").joined(separator: " | ") }
    }

    static let cases: [Case] = [
        Case(request: "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", goesOn: true),
        Case(
            request: "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            goesOn: false,
            connection: "close"
        ),
        Case(
            request: "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n",
            goesOn: false,
            connection: "close"
        ),
        Case(request: "GET /hello HTTP/1.0\r\n\r\n", goesOn: false, connection: "close"),
        Case(request: "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", goesOn: true, connection: "keep-alive"),
        Case(request: "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", goesOn: true, body: "one two"),
        Case(request: "GET /stream HTTP/1.0\r\n\r\n", goesOn: false, connection: "close", body: "one two"),
        Case(
            request: "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            goesOn: false,
            connection: "close",
            body: "one two"
        ),
        // curl --http2: the parser stops after a request that asks for another protocol.
        Case(
            request: "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            goesOn: false,
            connection: "close"
        ),
        Case(
            request: "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
            goesOn: true,
            body: #"{"ignored":true}"#
        ),
        Case(
            request:
                "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;ext=1\r\nab\r\n0\r\nTrailer: t\r\n\r\n",
            goesOn: true,
            body: #"{"bytes":2}"#
        ),
        Case(request: "\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n", goesOn: true),
    ]

    @Test("an answer is whole, and the connection goes on where both sides want it to", arguments: cases)
    func goesOn(_ example: Case) async throws {
        let (first, second) = try await TestServer.connected { client in
            let first = try await client.exchange(example.request)
            if example.goesOn {
                return (first, try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").text)
            }
            return (first, await client.isClosedByServer() ? "closed" : "open")
        }
        #expect(first.text == example.body)
        #expect(first["connection"] == example.connection)
        #expect(second == (example.goesOn ? "hello" : "closed"))
    }

    @Test("requests in one write are answered in order, one at a time")
    func pipelining() async throws {
        let answers = try await TestServer.connected { client in
            let numbers = 0..<50
            try await client.send(
                numbers.map { "GET /items/\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
                    + "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
            )
            var answers: [String] = []
            for _ in 0...numbers.count { answers.append(try await client.receive().text) }
            return answers
        }
        #expect(
            answers == (0..<50).map { #"{"id":"\#($0)","route":"/items/{id}"}"# } + [#"{"bytes":2}"#]
        )
    }

    @Test("what follows a last request is not carried out")
    func afterClose() async throws {
        let (first, isClosed) = try await TestServer.connected { client in
            try await client.send(
                "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /items/1 HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            return (try await client.receive(), await client.isClosedByServer())
        }
        #expect(first.text == "hello")
        #expect(isClosed)
    }

    @Test("a client that closed its sending side still gets its answers")
    func halfClosed() async throws {
        var limits = ServingLimits()
        limits.halfClosedMs = 60_000
        let (first, second, isClosed) = try await TestServer.connected(limits: limits) { client in
            try await client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /list HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.closeOutput()
            return (try await client.receive(), try await client.receive(), await client.isClosedByServer())
        }
        #expect(first.text == "hello")
        #expect(second.text == "[1,2]")
        #expect(isClosed)
    }

    @Test("an answer that breaks off does not look complete")
    func brokenAnswer() async throws {
        await #expect(throws: (any Error).self) {
            try await TestServer.connected { client in
                try await client.exchange("GET /broken-stream HTTP/1.1\r\nHost: x\r\n\r\n")
            }
        }
    }
}
