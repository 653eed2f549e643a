import FaultPlan
import HTTPServing
import Logging
import ServiceLifecycle

/// The admin interface of a process: faults, journal, state and reset of all its simulators under `/_sim`, and whatever
/// routes they bring themselves.
///
///     let admin = AdminServer(host: "127.0.0.1", port: 0, parts: [hub], faults: faults, routes: pages, logger: logger)
///     try await admin.run()
public struct AdminServer: Service {
    private let server: HTTPServer

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - parts: what is administered.
    ///   - faults: the plans that the parts ask, and the journal that they write into.
    ///   - routes: the parts' own, and the page at `/`.
    ///   - middleware: the parts' own, inside of the server's.
    ///   - clock: what a request waits on.
    public init(
        host: String,
        port: Int,
        parts: [any AdministeredPart],
        faults: FaultNamespaces,
        routes: RouteTable = RouteTable(),
        middleware: [HTTPServer.Middleware] = [],
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger,
        onBound: @escaping @Sendable (BoundAddress) async -> Void = { _ in }
    ) {
        var routes = routes
        FaultController(parts: parts, faults: faults).addRoutes(to: &routes)
        StateController(parts: parts, faults: faults).addRoutes(to: &routes)
        JournalController(journal: faults.journal, clock: clock).addRoutes(to: &routes)
        server = HTTPServer(
            host: host,
            port: port,
            routes: routes,
            middleware: [
                RequestIDMiddleware(), SameSiteMiddleware(isLoopback: SameSiteMiddleware.isLoopback(host)),
            ] + middleware,
            logger: logger,
            onBound: onBound
        )
    }

    /// Waits until it listens, and tells where. Throws `CancellationError` where it is stopped before.
    public func boundURL() async throws -> String { try await server.boundAddress().url }

    /// Serves until graceful shutdown. Throws where the address cannot be bound.
    public func run() async throws { try await server.run() }
}
