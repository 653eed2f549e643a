import Foundation
import HubSim
import Launch
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage

extension App {
    /// Builds the storage side, and the hub where it is hosted here, and runs them until the program drains.
    static func run(_ settings: StorageSettings, _ launch: Launch) async throws {
        let logger = launch.logger
        let instanceID = UUID().uuidString.lowercased()
        var configuration = SimulatedStorage.Configuration(instanceID: instanceID, version: Version.current)
        configuration.topology = settings.topology
        configuration.host = settings.host
        configuration.port = settings.port
        configuration.token = settings.token
        let storage = SimulatedStorage(configuration: configuration, time: .system, logger: logger)

        var services: [any Service] = []
        let board: ReadyBoard
        let hub: any MessageHub
        switch settings.hub {
        case .hosted(let address):
            let hosted = try await host(at: address)
            board = launch.readyBoard(expecting: ["amqp", "storage"])
            try await board.bound("amqp", at: hosted.url)
            services.append(HubService(hub: hosted, logger: logger))
            hub = hosted.inProcess()
        case .remote(let url):
            board = launch.readyBoard(expecting: ["storage"])
            let options = RabbitMQOptions(
                connectionName: "storage_service \(instanceID)",
                product: "StorageSimulator",
                version: Version.current
            )
            hub = RabbitMQHub(url, options)
        }
        let link = StorageLink(
            storage: storage,
            hub: hub,
            time: .system,
            seed: .random(in: .min ... .max),
            logger: logger
        )
        services += [
            storage.assetServer, storage.housekeeper, link,
            WhenBound { try await board.bound("storage", at: storage.boundURL()) },
        ]
        try await launch.run(services)
    }

    private static func host(at address: ListenAddress) async throws -> HubSim {
        var configuration = HubConfiguration()
        configuration.host = address.host
        configuration.port = address.port
        return try await HubSim.start(configuration)
    }
}
