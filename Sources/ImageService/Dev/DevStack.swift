import DeploymentSettings
import DurableStorage
import FaultPlan
import FoundationEssentials
import HTTPServing
import HubManagement
import HubProtocol
import HubSim
import Launch
import Logging
import MessageHub
import RabbitMQ
import ServiceLifecycle
import SimulatedStorage
import StorageAdmin

/// Hub, storage and service in one process, talking over sockets of the loopback exactly as they would over a network.
/// Nothing is kept when the process ends, but in a data directory where there is one.
package struct DevStack: Sendable {
    package let hub: HubSim
    package let storage: SimulatedStorage
    package let service: ServiceStack
    /// In the order in which they start; they stop in the opposite one, the hub as the last.
    package let services: [any Service]
    private let store: DurableStore?
    private let record: JournalFile?

    /// Starts the hub, which has to listen before anybody can be told where it is; the rest starts with its services.
    ///
    /// - Parameter onBound: told each address, by the key of the ready file: `amqp`, `admin`, `storage`, `http`.
    package static func start(
        settings: ServiceSettings,
        devSettings: DevSettings = DevSettings(),
        logger: Logger,
        onBound: @escaping @Sendable (_ key: String, _ url: String) async throws -> Void
    ) async throws -> DevStack {
        var configuration = HubConfiguration()
        configuration.host = devSettings.hub.host
        configuration.port = devSettings.hub.port
        let store = try Self.store(in: devSettings.dataDirectory, logger: logger)
        let hub = try await HubSim.start(configuration)
        do {
            try await onBound("amqp", hub.url)
            let record = try devSettings.recordPath.map { path throws(UsageError) in
                try JournalFile(recording: hub.journal, to: path)
            }
            return DevStack(
                store: store,
                record: record,
                hub: hub,
                hubURL: try HubURL(hub.url),
                settings: settings,
                devSettings: devSettings,
                logger: logger,
                onBound: onBound
            )
        } catch {
            await hub.shutdown()
            throw error
        }
    }

    /// Runs `body`, then gives back what the stack holds besides its services.
    package func whileOpen(_ body: () async throws -> Void) async throws {
        try await service.whileOpen(body)
        storage.tellNeverFired()
        record?.finish(hub.journal)
        try store?.close()
    }

    private static func store(in directory: String?, logger: Logger) throws(UsageError) -> DurableStore? {
        guard let directory else { return nil }
        do throws(DurableStoreError) {
            return try DurableStore(directory: directory, time: .system, logger: logger)
        } catch {
            throw UsageError("DATA cannot be used: \(error)")
        }
    }

    private init(
        store: DurableStore?,
        record: JournalFile?,
        hub: HubSim,
        hubURL: HubURL,
        settings: ServiceSettings,
        devSettings: DevSettings,
        logger: Logger,
        onBound: @escaping @Sendable (_ key: String, _ url: String) async throws -> Void
    ) {
        let time = TimeSource.system
        var configuration = SimulatedStorage.Configuration(
            instanceID: UUID().uuidString.lowercased(),
            version: Version.current
        )
        configuration.topology = settings.topology
        configuration.host = devSettings.storage.host
        configuration.port = devSettings.storage.port
        configuration.token = settings.storageToken
        configuration.seed = devSettings.seed
        let core = StorageCore(
            limits: configuration.limits,
            records: store?.records,
            assetStore: store?.assets,
            time: time,
            logger: logger
        )
        // One plan and one journal: the hub and the storage take each its own of it.
        let faults = hub.faultNamespaces()
        if !devSettings.faultPlan.rules.isEmpty { faults.standard.armConfigured(devSettings.faultPlan) }
        let storage = SimulatedStorage(
            configuration: configuration,
            core: core,
            faults: faults,
            time: time,
            logger: logger
        )
        service = ServiceStack(
            settings: settings,
            hubURL: hubURL,
            // As in a real deployment without STORAGE_SERVICE_URL: storage announces where it is.
            storageURL: nil,
            logger: logger,
            onBound: { url in try await onBound("http", url) }
        )
        let storageHub = RabbitMQHub(
            hubURL,
            RabbitMQOptions(connectionName: "storage-service", version: Version.current)
        )
        let link = StorageLink(
            storage: storage,
            hub: storageHub,
            time: time,
            seed: .random(in: .min ... .max),
            logger: logger
        )
        let strayFileRemover: [any Service] = store.map { [$0.strayFileRemover] } ?? []
        var consoleRoutes = RouteTable()
        StorageConsole(storage: storage, hubPage: "/hub").addRoutes(to: &consoleRoutes)
        let admin = HubAdmin(
            hub: hub,
            host: devSettings.admin.host,
            port: devSettings.admin.port,
            faults: faults,
            otherParts: [
                StoragePart(
                    storage: storage,
                    // One that is not back soon tells so in its state.
                    recovered: { [hub, queue = settings.topology.queue] in
                        try? await hub.expect(.consumers(on: queue, atLeast: 1), within: .seconds(10))
                    },
                    logger: logger
                )
            ],
            otherRoutes: consoleRoutes,
            hubPage: "/hub",
            logger: logger
        )
        services =
            strayFileRemover + [HubService(hub: hub, logger: logger)] + admin.services + [
                storage.housekeeper, storage.assetServer, link,
                WhenBound { try await onBound("storage", storage.boundURL()) },
                WhenBound { try await onBound("admin", admin.boundURL()) },
            ] + service.services
        self.store = store
        self.record = record
        self.hub = hub
        self.storage = storage
    }
}
