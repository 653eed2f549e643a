import HTTPServing
import Testing

/// `X-Request-ID`, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct RequestIDTests {
    @Test("a fit id is echoed", arguments: ["a", "!~", String(repeating: "a", count: 128)])
    func echoed(id: String) async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-ID: \(id)\r\n\r\n")
        }
        #expect(response["x-request-id"] == id)
    }

    @Test("any other is replaced", arguments: [nil, "", "a b", "é", "a\tb", String(repeating: "a", count: 129)])
    func replaced(id: String?) async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange(
                "GET /nothing HTTP/1.1\r\nHost: x\r\n" + (id.map { "X-Request-ID: \($0)\r\n" } ?? "") + "\r\n"
            )
        }
        let made = try #require(response["x-request-id"])
        #expect(made.count == 32 && made.allSatisfy(\.isHexDigit))
        #expect(response.status == 404)
    }
}
