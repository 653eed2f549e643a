import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// An HTTP/1.1 server: routes, middleware and limits, as a service.
///
///     let server = HTTPServer(host: "127.0.0.1", port: 0, routes: routes, logger: logger) { address in
///         print(address.url)
///     }
///     try await server.run()   // until graceful shutdown
public struct HTTPServer: Service {
    /// Where a server listens.
    public struct BoundAddress: Sendable, Hashable {
        public let host: String
        public let port: Int
        /// `http://127.0.0.1:8000`, without a slash at the end.
        public var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    }

    /// Wraps handlers, outermost first.
    public typealias Middleware = any MiddlewareProtocol<Request, Response, ServingContext>

    private let application: Application<RouteResponder>
    private let place: String

    /// A server that listens on `host:port` once it runs; port 0 takes a free one.
    ///
    /// - Parameters:
    ///   - middleware: outermost first. An ``ErrorMiddleware`` lies inside each of them, so they see answers only.
    ///   - onBound: told the address once the socket is bound.
    public init(
        host: String,
        port: Int,
        routes: RouteTable,
        middleware: [Middleware] = [RequestIDMiddleware(), AccessLogMiddleware()],
        limits: ServingLimits = ServingLimits(),
        logger: Logger,
        onBound: @escaping @Sendable (BoundAddress) async -> Void = { _ in }
    ) {
        place = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        application = Application(
            responder: RouteResponder(routes: routes, middleware: middleware),
            server: HTTPServerBuilder { responder in HTTPConnection(responder: responder, limits: limits) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax, logger: logger)
            ),
            onServerRunning: { channel in
                guard let address = channel.localAddress, let ip = address.ipAddress, let port = address.port else {
                    return
                }
                await onBound(BoundAddress(host: ip, port: port))
            },
            logger: logger
        )
    }

    /// Serves until graceful shutdown, or until the task is cancelled.
    ///
    /// Throws ``ListenError`` where the address cannot be bound.
    public func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            // Connections keep their errors to themselves, so this one is the listening socket's.
            throw ListenError(place: place, errno: error.errnoCode)
        }
    }
}
