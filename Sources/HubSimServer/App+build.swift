import HubManagement
import HubSim
import Launch
import ServiceLifecycle

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
        let board = launch.readyBoard(expecting: settings.admin == nil ? ["amqp"] : ["amqp", "admin"])
        var services: [any Service] = [
            HubService(hub: hub, logger: launch.logger),
            WhenBound { try await board.bound("amqp", at: hub.url) },
        ]
        if let address = settings.admin {
            let admin = HubAdmin(
                hub: hub,
                host: address.host,
                port: address.port,
                faults: hub.faultNamespaces(),
                clock: settings.virtualClock,
                logger: launch.logger
            )
            services += admin.services + [WhenBound { try await board.bound("admin", at: admin.boundURL()) }]
        }
        try await launch.run(services)
    }
}
