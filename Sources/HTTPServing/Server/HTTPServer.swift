import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An HTTP/1.1 server: routes, middleware and limits, as a service.
///
///     let server = HTTPServer(host: "127.0.0.1", port: 0, routes: routes, logger: logger)
///     try await server.run()                     // until graceful shutdown
///     try await server.boundAddress().url        // elsewhere
public struct HTTPServer: Service {
    /// Wraps handlers, outermost first.
    public typealias Middleware = any MiddlewareProtocol<Request, Response, ServingContext>

    private let server: Server<HTTPConnection>
    private let address: PendingAddress
    private let place: String

    /// A server that listens on `host:port` once it runs; port 0 takes a free one.
    ///
    /// - Parameters:
    ///   - middleware: outermost first. What is thrown further in has become an answer before they see it.
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
        // Notes instead of metadata: a logger that is given metadata for each request costs more than its log lines.
        let logger = logger.withRequestNotes
        server = Server(
            childChannelSetup: HTTPConnection(
                responder: RouteResponder(routes: routes, middleware: middleware),
                limits: limits,
                onUnreadable: onUnreadable
            ),
            configuration: ServerConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.connectionsMax + limits.surplusConnectionsMax,
                    logger: logger
                )
            ),
            onServerRunning: { channel in
                guard let local = channel.localAddress, let ip = local.ipAddress, let port = local.port else {
                    return
                }
                let bound = BoundAddress(host: ip, port: port)
                await onBound(bound)
                address.isBound(to: bound)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
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
            try await server.run()
        } catch let error as IOError {
            // Connections keep their errors to themselves, so this one is the listening socket's.
            throw ListenError(place: place, errno: error.errnoCode)
        } catch let error as SocketAddressError.UnknownHost {
            throw ListenError(place: place, reason: error.errorDescription)
        }
    }
}
