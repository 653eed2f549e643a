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

    @Test("a host that does not exist is one clear line")
    func unknownHost() async throws {
        // A label of a name has 63 octets at most (RFC 1035 §2.3.4), so that there is no question to ask a name server.
        let host = String(repeating: "a", count: 64)
        let server = HTTPServer(
            host: host,
            port: 0,
            routes: RouteTable(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        await #expect {
            try await server.run()
        } throws: { error in
            "\(error)".hasPrefix("cannot listen on \(host):0: ") && !"\(error)".contains("\n")
        }
    }
}
