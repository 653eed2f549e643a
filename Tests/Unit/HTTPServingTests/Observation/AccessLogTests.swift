import HTTPServing
import TestSupport
import Testing

/// The line a request, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct AccessLogTests {
    @Test("has what is needed and no query")
    func line() async throws {
        let log = LogRecorder()
        _ = try await TestServer.serving(
            middleware: [RequestIDMiddleware(), AccessLogMiddleware()],
            logger: log.logger
        ) { server in
            try await RawClient.connected(to: server.port) { client in
                try await client.exchange(
                    "POST /hello?token=secret HTTP/1.1\r\nHost: x\r\nX-Request-ID: r\r\nContent-Length: 0\r\n\r\n"
                )
            }
        }
        let lines = log.lines.filter { $0.message == "Request answered" }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .info)
        #expect(line.metadata["method"] == "POST")
        #expect(line.metadata["path"] == "/hello")
        #expect(line.metadata["status"].map { "\($0)" } == "405")
        #expect(line.metadata["request_id"] == "r")
        #expect(line.metadata["remote"].map { "\($0)" }?.hasPrefix("127.0.0.1:") == true)
        #expect(line.metadata["duration_ms"].flatMap { Int("\($0)") } != nil)
        #expect(!log.lines.contains { "\($0.metadata)".contains("secret") })
    }
}
