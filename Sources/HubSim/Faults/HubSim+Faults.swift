import FaultPlan

extension HubSim {
    /// What shall go wrong: arm a plan here, look at what has fired.
    public var faults: ArmedFaults { hub.records.faults }

    /// The time on the hub's clock, in milliseconds since it started.
    package var nowMs: @Sendable () -> Int64 {
        { [timeline = hub.timeline] in timeline.now.microseconds / 1000 }
    }

    /// What has happened: connections, what faults have decided, and every message where the configuration says so.
    public var journal: Journal { hub.records.journal }

    /// Runs something with a plan armed, and disarms it after.
    ///
    ///     let (reply, report) = try await hub.withFaults(plan) { try await client.get(id) }
    ///     #expect(report.neverFired.isEmpty)
    ///
    /// - Returns: what came of it, and what every rule has seen and done.
    /// - Throws: what it throws; `InvalidFields` for a plan that has a mistake, and then nothing is run.
    public func withFaults<Result>(
        _ plan: FaultPlan,
        _ body: () async throws -> Result
    ) async throws -> (result: Result, report: FaultReport) {
        try await faults.with(plan, body)
    }
}
