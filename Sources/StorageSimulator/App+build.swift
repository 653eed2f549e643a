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
        let limits = StorageLimits()
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
                return try DurableStore(directory: path, limits: limits, time: .system, logger: logger)
            } catch {
                let hint = error.isInUse ? "; several instances on one directory are one process's: --instances" : ""
                throw UsageError("DATA cannot be used: \(error)\(hint)")
            }
        }
        let core = StorageCore(
            limits: limits,
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
        var addresses: [String] = []
        var hosted: HubSim?
        var adminURL: (@Sendable () async throws -> String)?
        switch settings.hub {
        case .hosted(let address):
            let hub = try await host(at: address)
            services.append(HubService(hub: hub, logger: logger))
            hubURL = try HubURL(hub.url)
            addresses.append("amqp")
            hosted = hub
        case .remote(let url): hubURL = url
        }
        let faults = hosted?.faultNamespaces() ?? ownFaults()
        let record = try settings.recordPath.map { path throws(UsageError) in
            try JournalFile(recording: faults.journal, to: path)
        }
        // The hub and the storage take each its own of the one plan.
        if !settings.faultPlan.rules.isEmpty { faults.standard.armConfigured(settings.faultPlan) }
        let instances = StorageInstances(settings, core: core, faults: faults, hub: hubURL, logger: logger)
        addresses += instances.byKey.map(\.key)
        let consuming = HubCondition.consumers(on: settings.topology.queue, atLeast: settings.instances)
        if let address = settings.admin {
            let part = StoragePart(
                storage: instances.first,
                others: instances.others,
                // A reset cuts all connections to a hub of this process. One that is not back soon tells so in its state.
                recovered: { [hosted] in try? await hosted?.expect(consuming, within: recoveryMax) },
                logger: logger
            )
            var routes = RouteTable()
            StorageConsole(storage: instances.first, hubPage: hosted == nil ? nil : "/hub").addRoutes(to: &routes)
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
        services += instances.services
        services.append(
            WhenBound { [hosted, adminURL] in
                if let adminURL { try await board.bound("admin", at: adminURL()) }
                if let hosted {
                    try await board.bound("amqp", at: hosted.url)
                    // Whoever reads the ready file may ask at once: the hub is here, so storage is on it in a moment.
                    // A plan may keep it away from the start; then it is ready all the same (contract §7).
                    try? await hosted.expect(consuming, within: recoveryMax)
                    try Task.checkCancellation()
                }
                for (key, storage) in instances.byKey { try await board.bound(key, at: storage.boundURL()) }
            }
        )
        if let store { services.insert(store.strayFileRemover, at: 0) }
        try await launch.run(services)
        instances.first.tellNeverFired()
        record?.finish(faults.journal)
        try store?.close()
    }

    /// How long the start, or a reset, waits at most for the storage to be on a hub of this process.
    private static let recoveryMax = Duration.seconds(10)

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
