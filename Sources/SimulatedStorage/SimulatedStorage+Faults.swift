import FaultPlan
import HubProtocol
import JSON

extension SimulatedStorage {
    /// The faults that the storage side can carry out.
    public static let faultKinds = FaultKindSet(
        FaultKind.allCases.filter { RequestFaults.kinds.contains($0) || AssetFaults.kinds.contains($0) }
    )

    /// What shall go wrong: arm a plan here, look at what has fired.
    public var faults: ArmedFaults { spaces.faults.standard }

    /// The plans of all namespaces.
    public var faultNamespaces: FaultNamespaces { spaces.faults }

    /// What has happened: requests, decisions, effects, replies, events.
    public var journal: Journal { spaces.faults.journal }

    /// Runs something with a plan armed, and disarms it after.
    ///
    ///     let (reply, report) = try await storage.withFaults(plan) { try await client.get(id) }
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

    /// Logs, for the end of a program, each rule of the storage side that never fired in the default namespace: a fault that
    /// nobody met has shown nothing.
    public func tellNeverFired() {
        for rule in faults.neverFired(on: [.storageHub, .storageAssets]) {
            logger.warning("fault never fired", metadata: ["rule": "\(rule.id)", "matched": "\(rule.matched)"])
        }
    }

    /// Throws all state of a namespace away; another than the default one ends with that. Its plan stays armed. Requests
    /// that its faults make wait are dropped: acknowledged, without an effect.
    /// - Parameter namespace: empty for the default one.
    /// - Throws: `RecordStoreError`, `AssetStoreError` where the store fails.
    public func reset(namespace: String = "") async throws {
        guard namespace.isEmpty else { return spaces.remove(namespace) }
        spaces.standard.trouble.forget()
        try await core.removeEverything()
        spaces.standard.ids.restart()
    }

    /// How this instance is, for people and tests.
    public var look: JSONValue {
        [
            "number": .integer(Int64(number)), "instance_id": .string(announcement(.up).instanceID),
            "url": .string(announcement(.up).url), "consuming": .bool(responder.isConsuming),
        ]
    }

    /// What a namespace holds at this moment, for people and tests: nothing, where it has not begun.
    public func state(namespace: String = "") async throws(RecordStoreError) -> JSONValue {
        let usage = try await spaces.existing(namespace)?.core.usage() ?? StoreUsage()
        return [
            "mode": mode.map { .string($0.name) } ?? .null,
            "url": .string(announcement(.up).url), "consuming": .bool(responder.isConsuming),
            "images": .integer(Int64(usage.images)), "versions": .integer(Int64(usage.versions)),
            "assets": .integer(Int64(usage.assets)), "operations": .integer(Int64(usage.operations)),
            "pending_events": .integer(Int64(usage.pendingEvents)),
        ]
    }
}
