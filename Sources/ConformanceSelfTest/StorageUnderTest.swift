import ConformanceChecks
import HubProtocol
import HubSim
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage
import Synchronization

/// A simulated storage in one of its modes, on an in-process hub of its own, with a way to restart it.
final class StorageUnderTest: Sendable {
    /// What the asset API asks for: so that the checks of the token have something to check.
    static let token = "conformance-token"

    private let storage: SimulatedStorage
    private let hub: HubSim
    private let logger = Logger(label: "storage-under-test") { _ in SwiftLogNoOpLogHandler() }
    private let link = Mutex<(group: ServiceGroup, task: Task<Void, any Error>)?>(nil)

    private init(mode: StorageMode?, hasLittleRoom: Bool) {
        hub = HubSim.withoutSocket()
        var configuration = SimulatedStorage.Configuration(instanceID: "storage-under-test", version: "0")
        configuration.token = Self.token
        configuration.mode = mode
        // Short, so that nobody waits ten seconds for the next announcement.
        configuration.ttlSeconds = 6
        configuration.journalRequests = false
        if hasLittleRoom {
            configuration.limits.versionsMax = 5
            configuration.limits.assetBytesTotalMax = 150_000
        }
        storage = SimulatedStorage(configuration: configuration, time: .system, logger: logger)
    }

    /// Runs `body` with a storage in a mode, `nil` for none.
    static func run<Result: Sendable>(
        mode: StorageMode?,
        hasLittleRoom: Bool,
        transport: any AssetTransport,
        makeID: @escaping @Sendable () -> String,
        _ body: @Sendable @escaping (Surroundings) async throws -> Result
    ) async throws -> Result {
        let storage = StorageUnderTest(mode: mode, hasLittleRoom: hasLittleRoom)
        let assets = ServiceGroup(
            configuration: .init(services: [.init(service: storage.storage.assetServer)], logger: storage.logger)
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await assets.run() }
            let url = try await storage.storage.boundURL()
            storage.start()
            await storage.waitUntilConsuming()
            let surroundings = Surroundings(
                hub: storage.hub.inProcess(),
                storageURL: url,
                token: token,
                transport: transport,
                restart: { try await storage.restart() },
                hasLittleRoom: hasLittleRoom,
                inside: HubSimInside(hub: storage.hub),
                time: .system,
                makeID: makeID
            )
            do {
                let result = try await body(surroundings)
                await storage.end(assets)
                return result
            } catch {
                await storage.end(assets)
                throw error
            }
        }
    }

    private func start() {
        let service = StorageLink(storage: storage, hub: hub.inProcess(), time: .system, seed: 1, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: logger))
        // It ends by its group's graceful shutdown.
        let task = Task { try await group.run() }
        link.withLock { $0 = (group, task) }
    }

    /// Until the storage has declared what it declares: whoever is first on a hub decides. Some mistakes keep it from it.
    private func waitUntilConsuming() async {
        let time = TimeSource.system
        while !storage.responder.isConsuming, time.now() < .seconds(5) {
            try? await time.sleep(for: .milliseconds(2))
        }
    }

    private func stop() async throws {
        guard let (group, task) = link.withLock({ $0 }) else { return }
        await group.triggerGracefulShutdown()
        try await task.value
    }

    /// Stops the storage's side of the hub in order, and starts it anew on the same store.
    private func restart() async throws {
        try await stop()
        start()
    }

    private func end(_ assets: ServiceGroup) async {
        // The storage may be broken in this too; its hub goes with it.
        try? await stop()
        await assets.triggerGracefulShutdown()
        await hub.shutdown()
    }
}
