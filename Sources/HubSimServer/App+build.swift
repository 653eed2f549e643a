import HubSim
import Launch

extension App {
    /// Starts the hub and keeps it until the program is asked to stop.
    static func run(_ settings: HubSettings, _ launch: Launch) async throws {
        let hub = try await HubSim.start(settings.configuration)
        try await launch.readyBoard(expecting: ["amqp"]).bound("amqp", at: hub.url)
        try await launch.run([HubService(hub: hub, logger: launch.logger)])
    }
}
