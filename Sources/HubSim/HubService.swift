import Logging
import ServiceLifecycle

/// A hub as a service among others: it is up already, and is shut down in its turn when the program drains.
public struct HubService: Service {
    private let hub: HubSim
    private let logger: Logger

    public init(hub: HubSim, logger: Logger) {
        self.hub = hub
        self.logger = logger
    }

    /// How many leftovers get a line of their own in the log.
    static let leftoversMax = 50

    /// Waits for graceful shutdown, then closes the hub and logs what was left in it and which of its faults never fired.
    public func run() async throws {
        // Cancelled instead, it closes all the same.
        try? await gracefulShutdown()
        let left = await hub.shutdown()
        // A fault that nobody met has shown nothing. Those of other sides, beside it in the plan, are theirs to tell of.
        for rule in hub.faults.neverFired(on: [.hub]) {
            logger.warning("fault never fired", metadata: ["rule": "\(rule.id)", "matched": "\(rule.matched)"])
        }
        let lines = left.leftovers.lines
        for line in lines.prefix(Self.leftoversMax) { logger.notice("left over", metadata: ["what": "\(line)"]) }
        if lines.count > Self.leftoversMax {
            logger.notice("more was left over", metadata: ["count": "\(lines.count - Self.leftoversMax)"])
        }
        logger.info(
            "hub closed",
            metadata: ["queues": "\(left.queues.count)", "connections": "\(left.connections.count)"]
        )
    }
}
