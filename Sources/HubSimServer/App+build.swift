import HubSim
import Launch

extension App {
    /// Starts the hub and keeps it until the program is asked to stop.
    static func run(_ settings: HubSettings, _ launch: Launch) async throws {
        var configuration = settings.configuration
        configuration.logger = launch.logger
        if let path = settings.tracePath {
            let output = try TraceOutput(path: path)
            configuration.trace = { output.write($0) }
        }
        let hub = try await HubSim.start(configuration)
        let board = launch.readyBoard(expecting: ["amqp"])
        try await launch.run([
            HubService(hub: hub, logger: launch.logger),
            WhenBound { try await board.bound("amqp", at: hub.url) },
        ])
    }
}
