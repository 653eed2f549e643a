import HTTPServing
import Logging
import Testing

/// An address that cannot be had.
@Suite(.timeLimit(.minutes(5)))
struct ListenErrorTests {
    @Test("a port in use is one clear line")
    func inUse() async throws {
        try await TestServer.serving { server in
            let second = HTTPServer(
                host: "127.0.0.1",
                port: server.port,
                routes: RouteTable(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            await #expect {
                try await second.run()
            } throws: { error in
                "\(error)" == "cannot listen on 127.0.0.1:\(server.port): Address already in use"
            }
        }
    }
}
