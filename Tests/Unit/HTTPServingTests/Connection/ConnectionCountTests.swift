import HTTPServing
import TestSupport
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
            #expect(try await statusOnceThereIsRoom(on: server) == 200)
        }
    }

    @Test("surplus connections take no room of served ones, however long they stay")
    func silentSurplus() async throws {
        var limits = ServingLimits()
        limits.connectionsMax = 1
        limits.firstByteTimeoutMs = 600_000
        let log = LogRecorder()
        try await TestServer.serving(limits: limits, logger: log.logger) { server in
            try await RawClient.connected(to: server.port) { served in
                #expect(try await served.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
                try await RawClient.connected(to: server.port) { silent in
                    // Before the server has taken it as a surplus one, it could take the room that is made next.
                    while !log.lines.contains(where: { $0.message == "Connection is surplus" }) {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    try await served.channel.close().get()
                    #expect(try await statusOnceThereIsRoom(on: server) == 200)
                    let late = try await silent.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(late.status == 503)
                }
            }
        }
    }

    @Test(
        "a refused request has its answer under its own id, and no line in the log of everyday",
        arguments: ["r1", nil]
    )
    func identified(id: String?) async throws {
        var limits = ServingLimits()
        limits.connectionsMax = 0
        let log = LogRecorder()
        let answer = try await TestServer.serving(limits: limits, logger: log.logger) { server in
            try await RawClient.connected(to: server.port) { client in
                let field = id.map { "X-Request-ID: \($0)\r\n" } ?? "X-Request-ID: a b\r\n"
                return try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
            }
        }
        #expect(answer.status == 503)
        let answered = try #require(answer["x-request-id"])
        #expect(id == nil ? answered.count == 32 && answered.allSatisfy(\.isHexDigit) : answered == id)
        let line = try #require(log.lines.first { $0.message == "Request refused" })
        #expect(line["request_id"] == answered)
        #expect(line["status"] == "503")
        #expect(line.level == .debug)
    }

    /// What a newcomer is answered. The server hears of the end of a connection a moment after the client, so until
    /// then there may be no room.
    private func statusOnceThereIsRoom(on server: TestServer) async throws -> Int {
        let end = ContinuousClock.now + .seconds(60)
        var status = 503
        while status == 503, ContinuousClock.now < end {
            status = try await RawClient.connected(to: server.port) { client in
                try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status
            }
        }
        return status
    }
}
