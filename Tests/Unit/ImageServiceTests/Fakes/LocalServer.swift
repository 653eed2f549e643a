import AsyncHTTPClient
import HTTPServing
import Logging

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
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        defer { group.cancelAll() }
        var bound = addresses.makeAsyncIterator()
        guard let address = await bound.next() else { throw CancellationError() }
        let client = HTTPClient(configuration: .forTests)
        do {
            let value = try await body(address.url, client)
            try await client.shutdown()
            return value
        } catch {
            try await client.shutdown()
            throw error
        }
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
