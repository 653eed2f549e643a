import HTTPServing
import Testing

/// `Expect: 100-continue` (RFC 9110 §10.1.1): asked for only by a body that will be read.
@Suite(.timeLimit(.minutes(5)))
struct ExpectContinueTests {
    private static func head(_ path: String, length: String = "Content-Length: 5", version: String = "1.1") -> String {
        "POST \(path) HTTP/\(version)\r\nHost: x\r\n\(length)\r\nExpect: 100-Continue\r\n\r\n"
    }

    @Test("a body that is read is asked for once", arguments: ["Content-Length: 5", "Transfer-Encoding: chunked"])
    func read(length: String) async throws {
        let (first, second, third) = try await TestServer.connected { client in
            let first = try await client.exchange(Self.head("/read", length: length))
            try await client.send(length.hasPrefix("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n")
            let second = try await client.receive()
            return (first, second, try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"))
        }
        #expect(first.status == 100)
        #expect(first.fields.isEmpty)
        #expect(second.text == #"{"bytes":5}"#)
        #expect(third.text == "hello")
    }

    @Test("the body may come without being asked for")
    func impatient() async throws {
        let answers = try await TestServer.connected { client in
            try await client.send(Self.head("/read") + "hello")
            return (try await client.receive(), try await client.receive())
        }
        #expect(answers.0.status == 100)
        #expect(answers.1.text == #"{"bytes":5}"#)
    }

    @Test(
        "a body that is refused is never asked for, and the connection closes",
        arguments: [
            ("/refuse", "Content-Length: 5", 415), ("/read", "Content-Length: 1001", 413),
            ("/nothing", "Content-Length: 5", 404), ("/ignore", "Content-Length: 5", 200),
        ]
    )
    func refused(path: String, length: String, status: Int) async throws {
        let (first, isClosed) = try await TestServer.connected { client in
            (try await client.exchange(Self.head(path, length: length)), await client.isClosedByServer())
        }
        #expect(first.status == status)
        #expect(first["connection"] == "close")
        #expect(isClosed)
    }

    @Test("HTTP/1.0 knows no 100")
    func http10() async throws {
        let first = try await TestServer.connected { client in
            try await client.exchange(Self.head("/read", version: "1.0") + "hello")
        }
        #expect(first.text == #"{"bytes":5}"#)
    }
}
