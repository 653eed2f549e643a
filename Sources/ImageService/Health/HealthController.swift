import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import MessageHub

/// `/health`, `/health/live` and `/health/ready`: how the service is, for people, supervisors and load balancers.
package struct HealthController: Sendable {
    private let version: String
    private let hub: @Sendable () -> HealthReport.HubState
    private let hubProbe: HubProbe
    private let announced: @Sendable () -> StorageSigns.Announced
    private let outcomes: StorageOutcomes
    private let probes: StorageProbes
    private let budget: MemoryBudget
    private let time: TimeSource

    /// - Parameters:
    ///   - version: the program's.
    ///   - hub: whether there is a connection to the hub now.
    ///   - hubProbe: whether the hub answers.
    ///   - announced: what storage has announced of itself.
    ///   - time: started with the program, so that its time is the program's age.
    package init(
        version: String,
        hub: @escaping @Sendable () -> HealthReport.HubState,
        hubProbe: HubProbe,
        announced: @escaping @Sendable () -> StorageSigns.Announced,
        outcomes: StorageOutcomes,
        probes: StorageProbes,
        budget: MemoryBudget,
        time: TimeSource
    ) {
        self.version = version
        self.hub = hub
        self.hubProbe = hubProbe
        self.announced = announced
        self.outcomes = outcomes
        self.probes = probes
        self.budget = budget
        self.time = time
    }

    package func addRoutes(to routes: inout RouteTable) {
        routes.get("/health", use: health)
        routes.get("/health/live", use: live)
        routes.get("/health/ready", use: ready)
    }

    @Sendable private func health(_ request: Request, _ context: ServingContext) async throws -> Response {
        let report = await report()
        let body: JSONValue = [
            "status": .string(report.status.rawValue), "version": .string(version),
            "dependencies": report.dependencies, "metrics": metrics,
        ]
        return answer(body, status: report.status == .unhealthy ? .serviceUnavailable : .ok)
    }

    /// The process answers, so it lives; what it depends on is not its life.
    @Sendable private func live(_ request: Request, _ context: ServingContext) async throws -> Response {
        answer(["status": "alive"], status: .ok)
    }

    @Sendable private func ready(_ request: Request, _ context: ServingContext) async throws -> Response {
        let report = await report()
        let isReady = report.status == .healthy
        return answer(
            ["status": isReady ? "ready" : "not_ready", "dependencies": report.dependencies],
            status: isReady ? .ok : .serviceUnavailable
        )
    }

    private func report() async -> HealthReport {
        async let assetsAreHealthy = probes.assetsAreHealthy()
        // Without a hub there is no way to ask, and the answer would change nothing.
        let hubBefore = hub()
        var look = HubProbe.Look.silent
        if hubBefore == .connected {
            // Side by side, so that all together take no longer than one.
            async let settled: Void = probes.settleOperations()
            look = await hubProbe.look()
            await settled
        }
        let isHealthy = await assetsAreHealthy
        var signs = StorageSigns(
            announced: announced(),
            hasAnswered: outcomes.operations.hasAnswered,
            isFailing: outcomes.isFailing,
            assetsAreHealthy: isHealthy
        )
        if case .answered(let consumers) = look { signs.consumers = consumers }
        // The connection may have ended meanwhile, or begun.
        let hubNow = hub()
        let isSilent = hubBefore == .connected && hubNow == .connected && look == .silent
        return HealthReport(hub: isSilent ? .silent : hubNow, storage: signs.state)
    }

    private var metrics: JSONValue {
        let counts = outcomes.operations.counts
        return [
            "uptime_seconds": .integer(time.now().components.seconds),
            "inflight_bytes": .integer(Int64(budget.usedBytes)),
            "storage_operations": .integer(Int64(counts.requests)),
            "storage_failures": .integer(Int64(counts.failures)),
        ]
    }

    private func answer(_ body: JSONValue, status: HTTPResponse.Status) -> Response {
        JSONResponse(body, status: status, headers: [.cacheControl: "no-store"]).response
    }
}
