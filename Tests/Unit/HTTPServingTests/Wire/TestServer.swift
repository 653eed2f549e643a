import HTTPServing
import Hummingbird
import Logging
import ServiceLifecycle

/// A server of the code under test on a free port of the loopback address.
struct TestServer {
    let port: Int
    /// Asks the server to stop gracefully.
    let stop: @Sendable () async -> Void

    /// Runs a server while `body` runs, and stops it then.
    static func serving<Value: Sendable>(
        _ routes: RouteTable = SampleRoutes.table,
        limits: ServingLimits = ServingLimits(),
        middleware: [HTTPServer.Middleware] = [RequestIDMiddleware()],
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: @escaping @Sendable (TestServer) async throws -> Value
    ) async throws -> Value {
        let (bound, source) = AsyncStream.makeStream(of: BoundAddress.self)
        let server = HTTPServer(
            host: "127.0.0.1",
            port: 0,
            routes: routes,
            middleware: middleware,
            limits: limits,
            logger: logger
        ) { address in
            source.yield(address)
        }
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch is CancellationError {
                    // The end of the test cancels a server that still has connections.
                }
                return nil
            }
            tasks.addTask {
                guard let address = await bound.first(where: { _ in true }) else { throw CancellationError() }
                return try await body(TestServer(port: address.port) { await group.triggerGracefulShutdown() })
            }
            while let result = try await tasks.next() {
                guard let result else { continue }
                tasks.cancelAll()
                return result
            }
            throw CancellationError()
        }
    }

    /// The same, with one client that is connected.
    static func connected<Value: Sendable>(
        _ routes: RouteTable = SampleRoutes.table,
        limits: ServingLimits = ServingLimits(),
        middleware: [HTTPServer.Middleware] = [RequestIDMiddleware()],
        _ body: @escaping @Sendable (RawClient) async throws -> Value
    ) async throws -> Value {
        try await serving(routes, limits: limits, middleware: middleware) { server in
            try await RawClient.connected(to: server.port) { try await body($0) }
        }
    }
}
