import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// An HTTP/1.1 server: routes, middleware and limits, as a service.
///
///     let server = HTTPServer(host: "127.0.0.1", port: 0, routes: routes, logger: logger)
///     try await server.run()                     // until graceful shutdown
///     try await server.boundAddress().url        // elsewhere
public struct HTTPServer: Service {
    /// Wraps handlers, outermost first.
    public typealias Middleware = any MiddlewareProtocol<Request, Response, ServingContext>

    private let application: Application<RouteResponder>
    private let address: PendingAddress
    private let place: String

    /// A server that listens on `host:port` once it runs; port 0 takes a free one.
    ///
    /// - Parameters:
    ///   - middleware: outermost first. An ``ErrorMiddleware`` lies inside each of them, so they see answers only.
    ///   - onBound: told the address once the socket is bound, before a request is answered.
    ///   - onUnreadable: told the status that something was answered with which is no request, and so reaches no middleware.
    public init(
        host: String,
        port: Int,
        routes: RouteTable,
        middleware: [Middleware] = [RequestIDMiddleware(), AccessLogMiddleware()],
        limits: ServingLimits = ServingLimits(),
        logger: Logger,
        onBound: @escaping @Sendable (BoundAddress) async -> Void = { _ in },
        onUnreadable: @escaping @Sendable (HTTPResponse.Status) -> Void = { _ in }
    ) {
        let address = PendingAddress()
        self.address = address
        place = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        application = Application(
            responder: RouteResponder(routes: routes, middleware: middleware),
            server: HTTPServerBuilder { responder in
                HTTPConnection(responder: responder, limits: limits, onUnreadable: onUnreadable)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax, logger: logger)
            ),
            onServerRunning: { channel in
                guard let local = channel.localAddress, let ip = local.ipAddress, let port = local.port else {
                    return
                }
                let bound = BoundAddress(host: ip, port: port)
                await onBound(bound)
                address.isBound(to: bound)
            },
            logger: logger
        )
    }

    /// Where it listens; `nil` before it does.
    public var knownAddress: BoundAddress? { address.known }

    /// Waits until it listens, and tells where. Throws `CancellationError` where the task is cancelled, or asked to
    /// stop, before.
    public func boundAddress() async throws -> BoundAddress { try await address.wait() }

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
