import HTTPServing
import Testing

/// Answers that come before the body does: the client sees them, whatever it is still sending.
@Suite(.timeLimit(.minutes(5)))
struct EarlyAnswerTests {
    /// As Python's http.client does it: send everything, only then look for an answer.
    @Test(
        "a client that sends its whole body first sees the refusal, not a reset",
        arguments: [
            ("/read", "Content-Length: 30000000", 413, "FILE_TOO_LARGE"),
            ("/refuse", "Content-Length: 30000000", 415, "UNSUPPORTED_MEDIA_TYPE"),
            ("/nothing", "Content-Length: 30000000", 404, "NOT_FOUND"),
            ("/refuse", "Transfer-Encoding: chunked", 415, "UNSUPPORTED_MEDIA_TYPE"),
            ("/read", "Transfer-Encoding: chunked", 413, "FILE_TOO_LARGE"),
        ]
    )
    func wholeBodyFirst(path: String, length: String, status: Int, code: String) async throws {
        // On a busy machine the body takes its time; what lingering may cost is tested elsewhere.
        var limits = ServingLimits()
        limits.lingerMs = 120_000
        limits.lingerIdleMs = 120_000
        let (response, isClosed) = try await TestServer.connected(limits: limits) { client in
            try await client.send("POST \(path) HTTP/1.1\r\nHost: x\r\n\(length)\r\n\r\n")
            if length.hasPrefix("C") {
                let piece = [UInt8](repeating: 0x61, count: 1_000_000)
                for _ in 0..<30 { try await client.send(bytes: piece) }
            } else {
                let piece = Array("f4240\r\n".utf8) + [UInt8](repeating: 0x61, count: 1_000_000) + Array("\r\n".utf8)
                for _ in 0..<30 { try await client.send(bytes: piece) }
                try await client.send("0\r\n\r\n")
            }
            return (try await client.receive(), await client.isClosedByServer())
        }
        try expectError(response, status: status, code: code)
        #expect(response["connection"] == "close")
        #expect(isClosed)
    }

    @Test("a short body that nobody reads is thrown away, and the connection goes on", arguments: [0, 1, 64 * 1024])
    func shortBody(bytes: Int) async throws {
        let (first, second) = try await TestServer.connected { client in
            let first = try await client.exchange(
                "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes)\r\n\r\n"
            )
            try await client.send(bytes: [UInt8](repeating: 0x61, count: bytes))
            return (first, try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"))
        }
        try expectError(first, status: 415, code: "UNSUPPORTED_MEDIA_TYPE")
        #expect(first["connection"] == nil)
        #expect(second.text == "hello")
    }

    @Test("a client that never stops sending is cut off")
    func endless() async throws {
        var limits = ServingLimits()
        limits.lingerBytesMax = 1_000_000
        await #expect(throws: (any Error).self) {
            try await TestServer.connected(limits: limits) { client in
                try await client.send("POST /refuse HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                let piece = Array("186a0\r\n".utf8) + [UInt8](repeating: 0x61, count: 100_000) + Array("\r\n".utf8)
                // Far more than the socket's buffers and the limit hold together.
                for _ in 0..<1000 { try await client.send(bytes: piece) }
            }
        }
    }

    @Test("a refused client that falls silent is not waited for")
    func silent() async throws {
        var limits = ServingLimits()
        limits.lingerIdleMs = 50
        let (response, isClosed) = try await TestServer.connected(limits: limits) { client in
            let response = try await client.exchange(
                "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc"
            )
            return (response, await client.isClosedByServer())
        }
        try expectError(response, status: 415, code: "UNSUPPORTED_MEDIA_TYPE")
        #expect(isClosed)
    }
}
