import DeploymentSettings
import DurableStorage
import FaultPlan
import FoundationEssentials
import HTTPServing
import HubManagement
import HubSim
import Launch
import Logging
import MessageHub
import RabbitMQ
import ServiceLifecycle
import SimulatedStorage
import SimulatorAdmin
import StorageAdmin

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
        configuration.publicURL = settings.publicURL
        configuration.mode = settings.mode
        if let mode = settings.mode {
            logger.warning(
                "Storage in a mode",
                metadata: [
                    "mode": .string(mode.name), "kind": mode.isLegal ? "odd but legal" : "broken",
                    "requirements": .string(mode.requirements.joined(separator: " ")),
                ]
            )
        }
        let store = try settings.dataDirectory.map { path throws(UsageError) in
            do throws(DurableStoreError) {
                return try DurableStore(directory: path, limits: configuration.limits, time: .system, logger: logger)
            } catch {
                throw UsageError("DATA cannot be used: \(error)")
            }
        }
        let core = StorageCore(
            limits: configuration.limits,
            records: store?.records,
            assetStore: store?.assets,
            time: .system,
            logger: logger
        )
        if settings.announcesWildcard {
            logger.warning("PUBLIC_URL is not set: image services are told the wildcard address, which leads nowhere")
        }

        var services: [any Service] = []
        let hubURL: HubURL
        var addresses = ["storage"]
        var hosted: HubSim?
        var adminURL: (@Sendable () async throws -> String)?
        switch settings.hub {
        case .hosted(let address):
            let hub = try await host(at: address)
            services.append(HubService(hub: hub, logger: logger))
            hubURL = try HubURL(hub.url)
            addresses.insert("amqp", at: 0)
            hosted = hub
        case .remote(let url): hubURL = url
        }
        let faults = hosted?.faultNamespaces() ?? ownFaults()
        let record = try settings.recordPath.map { path throws(UsageError) in
            try JournalFile(recording: faults.journal, to: path)
        }
        // The hub and the storage take each its own of the one plan.
        if !settings.faultPlan.rules.isEmpty { faults.standard.arm(settings.faultPlan) }
        let storage = SimulatedStorage(
            configuration: configuration,
            core: core,
            faults: faults,
            time: .system,
            logger: logger
        )
        if let address = settings.admin {
            let part = StoragePart(storage: storage, logger: logger)
            var routes = RouteTable()
            StorageConsole(storage: storage, hubPage: hosted == nil ? nil : "/hub").addRoutes(to: &routes)
            if let hosted {
                let admin = HubAdmin(
                    hub: hosted,
                    host: address.host,
                    port: address.port,
                    faults: faults,
                    otherParts: [part],
                    otherRoutes: routes,
                    hubPage: "/hub",
                    logger: logger
                )
                services += admin.services
                adminURL = { try await admin.boundURL() }
            } else {
                let admin = AdminServer(
                    host: address.host,
                    port: address.port,
                    parts: [part],
                    faults: faults,
                    routes: routes,
                    logger: logger
                )
                services.append(admin)
                adminURL = { try await admin.boundURL() }
            }
            addresses.append("admin")
        }
        var notes = [FaultSettings.note(settings.faultPlan)]
        if let mode = settings.mode { notes.append(ReadyNote(name: "mode", value: mode.name)) }
        let board = launch.readyBoard(expecting: addresses, notes: notes)
        // A hosted hub is reached through its socket as any other, so that both ways run the same code.
        let hub = RabbitMQHub(
            hubURL,
            RabbitMQOptions(
                connectionName: "storage_service \(instanceID)",
                product: "StorageSimulator",
                version: Version.current
            )
        )
        let link = StorageLink(
            storage: storage,
            hub: hub,
            time: .system,
            seed: .random(in: .min ... .max),
            logger: logger
        )
        services += [
            storage.assetServer, storage.housekeeper, link,
            WhenBound { [hosted, adminURL] in
                if let adminURL { try await board.bound("admin", at: adminURL()) }
                if let hosted {
                    try await board.bound("amqp", at: hosted.url)
                    // Whoever reads the ready file may ask at once: the hub is here, so storage is on it in a moment.
                    try await hosted.expect(.consumers(on: settings.topology.queue, atLeast: 1), within: .seconds(10))
                }
                try await board.bound("storage", at: storage.boundURL())
            },
        ]
        if let store { services.insert(store.strayFileRemover, at: 0) }
        try await launch.run(services)
        record?.finish(faults.journal)
        try store?.close()
    }

    /// A journal and plans of the storage alone, where the hub is elsewhere.
    private static func ownFaults() -> FaultNamespaces {
        let clock = ContinuousClock()
        let start = clock.now
        let nowMs = { @Sendable in Int64(start.duration(to: clock.now) / .milliseconds(1)) }
        return FaultNamespaces(journal: Journal(nowMs: nowMs), nowMs: nowMs)
    }

    private static func host(at address: ListenAddress) async throws -> HubSim {
        var configuration = HubConfiguration()
        configuration.host = address.host
        configuration.port = address.port
        return try await HubSim.start(configuration)
    }
}
