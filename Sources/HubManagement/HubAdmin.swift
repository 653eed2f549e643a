import FaultPlan
import HTTPServing
import HubSim
import Logging
import ServiceLifecycle
import SimulatorAdmin

/// The admin interface of a process that hosts a hub, alone or beside other simulators.
///
///     let admin = HubAdmin(hub: hub, host: "127.0.0.1", port: 0, faults: hub.faultNamespaces(), logger: logger)
///     services += admin.services
///     try await admin.boundURL()
public struct HubAdmin: Sendable {
    private let server: AdminServer
    /// In the order in which they start.
    public let services: [any Service]

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - faults: the plans, and the journal, of all simulators of the process.
    ///   - clock: the hub's, where it is turned by hand.
    ///   - otherParts: the process's other simulators.
    ///   - otherRoutes: what they bring.
    ///   - hubPage: where the hub's page is.
    public init(
        hub: HubSim,
        host: String,
        port: Int,
        faults: FaultNamespaces,
        clock: VirtualClock? = nil,
        otherParts: [any AdministeredPart] = [],
        otherRoutes: RouteTable = RouteTable(),
        hubPage: RoutePath = "/",
        logger: Logger
    ) {
        let management = HubManagement(hub: hub, clock: clock)
        var routes = otherRoutes
        management.addRoutes(to: &routes)
        management.addPage(to: &routes, at: hubPage)
        server = AdminServer(
            host: host,
            port: port,
            parts: [management.part(faultKinds: HubSim.faultKinds)] + otherParts,
            faults: faults,
            routes: routes,
            middleware: management.middleware,
            logger: logger
        )
        services = [management, server]
    }

    /// Waits until it listens, and tells where.
    public func boundURL() async throws -> String { try await server.boundURL() }
}
