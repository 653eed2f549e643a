import AsyncHTTPClient
import HTTPServing
import Logging
import ServiceLifecycle

/// Runs an HTTP server on a free port of the loopback for as long as `body` takes.
@discardableResult
func withServer<Value: Sendable>(
    _ routes: RouteTable,
    middleware: [HTTPServer.Middleware] = [],
    _ body: @Sendable @escaping (_ url: String, _ client: HTTPClient) async throws -> Value
) async throws -> Value {
    let (addresses, continuation) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = HTTPServer(
        host: "127.0.0.1",
        port: 0,
        routes: routes,
        middleware: middleware,
        logger: .silent,
        onBound: { continuation.yield($0) }
    )
    let services = ServiceGroup(configuration: .init(services: [server], logger: .silent))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        var bound = addresses.makeAsyncIterator()
        guard let address = await bound.next() else { throw CancellationError() }
        let client = HTTPClient(configuration: .forTests)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(address.url, client))
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
        return try result.get()
    }
}

extension HTTPClient.Configuration {
    /// As the service has it: no redirects, no retries of its own.
    static var forTests: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
