import FaultPlan
import HTTPServing
import HubSim
import JSON
import ServiceLifecycle
import SimulatorAdmin

/// The hub's side of the admin interface: RabbitMQ's management API, waiting and looking inside, metrics, the page.
///
///     let management = HubManagement(hub: hub)
///     var routes = RouteTable()
///     management.addRoutes(to: &routes)
///     let admin = AdminServer(host: "127.0.0.1", port: 0, parts: [management.part], …, routes: routes,
///                             middleware: management.middleware, logger: logger)
public struct HubManagement: Service {
    private let hub: HubSim
    private let rates: RateBoard
    private let clock: VirtualClock?
    private let waitClock: any Clock<Duration>

    /// - Parameters:
    ///   - clock: the hub's, where it is one that is turned by hand; then it can be turned over HTTP.
    ///   - waitClock: what requests that wait, and the looks that rates are made of, hang on.
    public init(hub: HubSim, clock: VirtualClock? = nil, waitClock: any Clock<Duration> = ContinuousClock()) {
        self.hub = hub
        self.clock = clock
        self.waitClock = waitClock
        rates = RateBoard(hub: hub, now: Self.stopwatch(waitClock))
    }

    /// The hub as a part of the admin interface.
    /// - Parameter faultKinds: those that the hub asks its plan for.
    public func part(faultKinds: FaultKindSet) -> any AdministeredPart { HubPart(hub: hub, faultKinds: faultKinds) }

    /// Adds `/api/…`, `/_sim/hub/…` and `/metrics`.
    public func addRoutes(to routes: inout RouteTable) {
        ManagementAPI(hub: hub, rates: rates).addRoutes(to: &routes)
        HubInsideController(hub: hub).addRoutes(to: &routes)
        HubWaitController(hub: hub, clock: waitClock).addRoutes(to: &routes)
        HubClockController(clock: clock).addRoutes(to: &routes)
        HubMetricsController(hub: hub).addRoutes(to: &routes)
    }

    /// Adds the hub's page at `/`, for a program that has no page of its own, and what feeds it.
    /// - Parameter path: where the page is.
    public func addPage(to routes: inout RouteTable, at path: RoutePath = "/") {
        HubPageController(hub: hub, rates: rates, path: path).addRoutes(to: &routes)
    }

    /// For the admin server.
    public var middleware: [HTTPServer.Middleware] { [ManagementErrorsMiddleware()] }

    /// Looks at the hub once a second, until graceful shutdown: what rates are made of.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                rates.look()
                // Cancelled, the loop ends.
                try? await waitClock.sleep(for: .milliseconds(RateBoard.intervalMs))
            }
        }
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
