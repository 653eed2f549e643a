import HTTPServing
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ConnectionCountTests {
    @Test("a connection too many is answered with 503, and closed; when another has gone there is room")
    func surplus() async throws {
        var limits = ServingLimits()
        limits.connectionsMax = 1
        try await TestServer.serving(limits: limits) { server in
            try await RawClient.connected(to: server.port) { first in
                #expect(try await first.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
                try await RawClient.connected(to: server.port) { second in
                    let answer = try await second.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(answer.status == 503)
                    #expect(answer["retry-after"] == "1")
                    #expect(answer["connection"] == "close")
                    #expect(answer.text.contains("OVERLOADED"))
                    #expect(await second.isClosedByServer())
                }
                #expect(try await first.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
            }
            // The server hears of the end a moment after the client.
            let end = ContinuousClock.now + .seconds(60)
            var status = 503
            while status == 503, ContinuousClock.now < end {
                status = try await RawClient.connected(to: server.port) { client in
                    try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status
                }
            }
            #expect(status == 200)
        }
    }
}
