import HubSim
import Launch

extension App {
    /// Starts the hub and keeps it until the program is asked to stop.
    static func run(_ settings: HubSettings, _ launch: Launch) async throws {
        let hub = try await HubSim.start(settings.configuration)
        let board = launch.readyBoard(expecting: ["amqp"])
        try await launch.run([
            HubService(hub: hub, logger: launch.logger),
            WhenBound { try await board.bound("amqp", at: hub.url) },
        ])
    }
}
