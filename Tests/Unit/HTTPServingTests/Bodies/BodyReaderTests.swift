import HTTPServing
import Testing

/// The limit of a body, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct BodyReaderTests {
    private static func chunked(_ sizes: [Int], isWhole: Bool = true) -> String {
        sizes.map { "\(String($0, radix: 16))\r\n\(String(repeating: "a", count: $0))\r\n" }.joined()
            + (isWhole ? "0\r\n\r\n" : "")
    }

    @Test("up to the limit", arguments: [0, 1, 999, 1000])
    func within(bytes: Int) async throws {
        let body = String(repeating: "a", count: bytes)
        let whole = try await TestServer.connected { client in
            try await client.exchange("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes)\r\n\r\n\(body)")
        }
        #expect(whole.text == #"{"bytes":\#(bytes)}"#)
        let pieces = bytes == 0 ? [] : [bytes]
        let chunked = try await TestServer.connected { client in
            try await client.exchange(
                "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + Self.chunked(pieces)
            )
        }
        #expect(chunked.text == #"{"bytes":\#(bytes)}"#)
    }

    @Test("no body at all")
    func none() async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange("POST /read HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        #expect(response.text == #"{"bytes":0}"#)
    }

    @Test(
        "over the limit by Content-Length: 413 without a byte of the body",
        arguments: ["1001", "9223372036854775807", "9223372036854775808", "18446744073709551615"]
    )
    func overByLength(length: String) async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
        }
        try expectError(response, status: 413, code: "FILE_TOO_LARGE")
        #expect(response.text.contains(#""max_bytes":1000"#))
    }

    @Test(
        "over the limit by chunks: 413 as soon as it turns out",
        arguments: [[1001], [500, 500, 1], [1000, 1, 5000]]
    )
    func overByChunks(sizes: [Int]) async throws {
        let response = try await TestServer.connected { client in
            // The end is left out: the answer must not wait for it.
            try await client.exchange(
                "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Self.chunked(sizes, isWhole: false)
            )
        }
        try expectError(response, status: 413, code: "FILE_TOO_LARGE")
        #expect(response["connection"] == "close")
    }

    @Test("a body in single bytes")
    func byteByByte() async throws {
        let response = try await TestServer.connected { client in
            try await client.send("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for byte in Self.chunked([3, 10, 1]).utf8 { try await client.send(bytes: [byte]) }
            return try await client.receive()
        }
        #expect(response.text == #"{"bytes":14}"#)
    }
}
