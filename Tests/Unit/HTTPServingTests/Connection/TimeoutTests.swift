import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Clients that are too slow, over a real socket: that they are cut off at all. When exactly is tested with virtual
/// time, in ``ConnectionHandlerTests``.
@Suite(.timeLimit(.minutes(5)))
struct TimeoutTests {
    private static func limits(_ change: (inout ServingLimits) -> Void) -> ServingLimits {
        var limits = ServingLimits()
        change(&limits)
        return limits
    }

    @Test("a connection without a request is closed in silence")
    func idle() async throws {
        let isClosed = try await TestServer.connected(limits: Self.limits { $0.keepAliveMs = 50 }) { client in
            await client.isClosedByServer()
        }
        #expect(isClosed)
    }

    @Test("a header that never ends is 408")
    func header() async throws {
        let (response, isClosed) = try await TestServer.connected(
            limits: Self.limits {
                $0.headerTimeoutMs = 100
                $0.lingerIdleMs = 50
            }
        ) { client in
            (try await client.exchange("GET /hello HTTP/1.1\r\nHost:"), await client.isClosedByServer())
        }
        try expectError(response, status: 408, code: "MALFORMED_REQUEST")
        #expect(isClosed)
    }

    @Test("a body that stops is 408", arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func body(length: String) async throws {
        let (response, isClosed) = try await TestServer.connected(
            limits: Self.limits {
                $0.bodyIdleTimeoutMs = 100
                $0.lingerIdleMs = 50
            }
        ) { client in
            let response = try await client.exchange("POST /read HTTP/1.1\r\nHost: x\r\n\(length)\r\n\r\n1")
            return (response, await client.isClosedByServer())
        }
        try expectError(response, status: 408, code: "MALFORMED_REQUEST")
        #expect(isClosed)
    }

    @Test("a body that trickles is 408")
    func trickle() async throws {
        let response = try await TestServer.connected(
            limits: Self.limits {
                $0.bodyIdleTimeoutMs = 200
                $0.bodyBytesPerSecondMin = 100_000
                $0.lingerIdleMs = 50
            }
        ) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await client.send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                // Never silent for 200 ms, and far from 100 000 bytes a second.
                let channel = client.channel
                let trickle = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) {
                    _ in
                    channel.writeAndFlush(ByteBuffer(string: "a"), promise: nil)
                }
                defer { trickle.cancel() }
                return try await client.receive()
            }
        }
        try expectError(response, status: 408, code: "MALFORMED_REQUEST")
    }

    @Test("a client that does not take its answer is cut off")
    func answerNotTaken() async throws {
        var routes = RouteTable()
        let ended = Flag()
        routes.get("/large") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    defer { ended.raise() }
                    let piece = ByteBuffer(repeating: 0x61, count: 1_000_000)
                    for _ in 0..<200 { try await writer.write(piece) }
                    try await writer.finish(nil)
                }
            )
        }
        try await TestServer.connected(routes, limits: Self.limits { $0.writeIdleTimeoutMs = 200 }) { client in
            try await client.channel.setOption(.autoRead, value: false).get()
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            await ended.raised()
        }
    }
}
