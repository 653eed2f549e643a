import HubProtocol
import Logging
import MessageHub
import SimulatedStorage
import Testing

/// A responder on a memory store, with time in the test's hand and pauses that are over at once.
struct ResponderBench: Sendable {
    let time = HandTime()
    let clock = InstantClock()
    let core: StorageCore
    let responder: StorageResponder

    init(limits: StorageLimits = StorageLimits(), records: (any RecordStore)? = nil, core shared: StorageCore? = nil) {
        let (time, clock) = (time, clock)
        let source = TimeSource(clock: clock) { time.now }
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        core = shared ?? StorageCore(limits: limits, records: records, time: source, logger: logger)
        responder = StorageResponder(core: core, time: source, logger: logger)
    }

    /// Runs the responder on a connection while `body` plays; then ends the connection.
    func run(
        on connection: ScriptedConnection,
        _ body: @Sendable (ScriptedConnection) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // It ends by the connection's end: that is what it must say.
                await #expect(throws: HubError.self) { try await responder.run(on: connection) }
            }
            try await body(connection)
            connection.endDeliveries()
            try await group.waitForAll()
        }
    }
}
