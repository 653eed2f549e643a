import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// What a graceful stop does to connections.
@Suite(.timeLimit(.minutes(5)))
struct ShutdownTests {
    @Test("who waits for an answer gets it; who does not is let go")
    func drains() async throws {
        let started = Flag()
        let released = Flag()
        var routes = SampleRoutes.table
        routes.get("/wait") { _, _ in
            started.raise()
            await released.raised()
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "done")))
        }
        let (idleClosed, response, busyClosed) = try await TestServer.serving(routes) { server in
            try await RawClient.connected(to: server.port) { idle in
                _ = try await idle.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                return try await RawClient.connected(to: server.port) { busy in
                    try await busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
                    await started.raised()
                    await server.stop()
                    let idleClosed = await idle.isClosedByServer()
                    released.raise()
                    return (idleClosed, try await busy.receive(), await busy.isClosedByServer())
                }
            }
        }
        #expect(idleClosed)
        #expect(response.text == "done")
        #expect(response["connection"] == "close")
        #expect(busyClosed)
    }
}
