import FaultPlan
import HubProtocol
import JSON
import Logging
import MessageHub
import SimulatedStorage
import Testing

/// A storage with faults on a scripted connection. Pauses are over at once, and counted.
struct FaultBench: Sendable {
    let storage: SimulatedStorage
    /// Shows how long was paused in all.
    let clock = InstantClock()
    let time = HandTime()
    private let opened: StoreUnderTest.Opened

    init(
        hasRealClock: Bool = false,
        plan: FaultPlan = .none,
        store: StoreUnderTest = .memory,
        opened: StoreUnderTest.Opened? = nil,
        seed: UInt64? = nil
    ) {
        let (time, clock) = (time, clock)
        let source =
            hasRealClock
            ? TimeSource(clock: ContinuousClock()) { time.now } : TimeSource(clock: clock) { time.now }
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        var configuration = SimulatedStorage.Configuration(instanceID: "instance", version: "1")
        configuration.faultPlan = plan
        configuration.seed = seed
        let opened = opened ?? store.open(limits: configuration.limits)
        self.opened = opened
        let core = StorageCore(limits: configuration.limits, records: opened.records, time: source, logger: logger)
        storage = SimulatedStorage(configuration: configuration, core: core, time: source, logger: logger)
    }

    /// Runs a storage with these rules (short form) on a connection; every rule must have fired by the end.
    static func run(
        _ rules: String,
        hasRealClock: Bool = false,
        store: StoreUnderTest = .memory,
        on connection: ScriptedConnection = ScriptedConnection(),
        _ body: @Sendable (FaultBench, ScriptedConnection) async throws -> Void
    ) async throws {
        let bench = FaultBench(
            hasRealClock: hasRealClock,
            plan: try FaultPlan(shortForm: rules, seed: 7),
            store: store
        )
        try await bench.run(on: connection) { try await body(bench, $0) }
        #expect(FaultReport(rules: bench.storage.faults.report()).neverFired.isEmpty)
    }

    /// Runs the responder on a connection while `body` plays; then ends the connection.
    func run(
        on connection: ScriptedConnection,
        _ body: @Sendable (ScriptedConnection) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // It ends by the connection's end: that is what it must say.
                await #expect(throws: HubError.self) { try await storage.responder.run(on: connection) }
            }
            try await body(connection)
            connection.endDeliveries()
            try await group.waitForAll()
        }
    }

    var images: Int {
        get async throws { try await storage.core.usage().images }
    }
}

extension ScriptedConnection {
    /// Waits until so many requests are acknowledged.
    func waitForAcknowledged(_ count: Int = 1) async throws {
        try await wait { $0.acknowledged.count >= count }
    }
}
