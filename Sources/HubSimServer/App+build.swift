import HubSim
import Launch
import Logging
import ServiceLifecycle

extension App {
    /// Starts the hub and keeps it until the program is asked to stop.
    static func run(_ settings: HubSettings, _ launch: Launch) async throws {
        let hub = try await HubSim.start(settings.configuration)
        try await launch.readyBoard(expecting: ["amqp"]).bound("amqp", at: hub.url)
        try await launch.run([HubService(hub: hub, logger: launch.logger)])
    }
}

/// A hub as a service: it is up already, and is shut down when the program drains.
struct HubService: Service {
    let hub: HubSim
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        let left = await hub.shutdown()
        logger.info(
            "hub closed",
            metadata: ["queues": "\(left.queues.count)", "connections": "\(left.connections.count)"])
    }
}
