import HTTPServing
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

/// Clients that go away.
@Suite(.timeLimit(.minutes(5)))
struct CancellationTests {
    @Test("a client that is gone within its body fails the reading of it", arguments: [false, true])
    func withinBody(reset: Bool) async throws {
        let started = Flag()
        let ended = Flag()
        var routes = RouteTable()
        routes.post("/read") { request, _ in
            defer { ended.raise() }
            for try await _ in try BodyReader(request, bytesMax: 1000) { started.raise() }
            Issue.record("a body that is not whole looked whole")
            return Response(status: .ok)
        }
        let log = LogRecorder()
        var limits = ServingLimits()
        limits.halfClosedMs = 60_000
        try await TestServer.serving(routes, limits: limits, logger: log.logger) { server in
            try await RawClient.connected(to: server.port) { client in
                try await client.send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
                await started.raised()
                if reset { try await client.reset() }
            }
            await ended.raised()
        }
        // The service has done nothing wrong. Who only stops sending may still read why that is no request.
        let line = try #require(log.lines.first { $0.message == "Request failed" })
        #expect(line["code"] == (reset ? "CLIENT_GONE" : "MALFORMED_REQUEST"))
        #expect(line["status"] == (reset ? "499" : "400"))
        #expect(line.level == .debug)
    }

    enum Leaving: CaseIterable { case reset, close, halfClose }

    @Test("a client that ends the connection cancels whoever works for it", arguments: Leaving.allCases)
    func whileAnswering(_ leaving: Leaving) async throws {
        let started = Flag()
        let cancelled = Flag()
        var routes = RouteTable()
        routes.get("/wait") { _, _ in
            await withTaskCancellationHandler {
                started.raise()
                await cancelled.raised()
            } onCancel: {
                cancelled.raise()
            }
            return Response(status: .ok)
        }
        var limits = ServingLimits()
        limits.halfClosedMs = 20
        try await TestServer.serving(routes, limits: limits) { server in
            try await RawClient.connected(to: server.port) { client in
                try await client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
                await started.raised()
                switch leaving {
                case .reset: try await client.reset()
                case .close: try await client.channel.close().get()
                case .halfClose:
                    try await client.closeOutput()
                    #expect(await client.isClosedByServer())
                }
            }
            await cancelled.raised()
        }
    }
}
