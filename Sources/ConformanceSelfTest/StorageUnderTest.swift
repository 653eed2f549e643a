import ConformanceChecks
import HTTPServing
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

    /// One life of the storage's process.
    private struct Life {
        let storage: SimulatedStorage
        let group: ServiceGroup
        let task: Task<Void, any Error>
    }

    private struct State {
        /// The port of the asset API stays over restarts.
        var port = 0
        var life: Life?
    }

    private let configuration: SimulatedStorage.Configuration
    /// What outlives a restart.
    private let core: StorageCore
    private let hub = HubSim.withoutSocket()
    private let logger = Logger(label: "storage-under-test") { _ in SwiftLogNoOpLogHandler() }
    private let state = Mutex(State())

    private init(mode: StorageMode?, hasLittleRoom: Bool) {
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
        self.configuration = configuration
        core = StorageCore(limits: configuration.limits, time: .system, logger: logger)
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
        do {
            let url = try await storage.start()
            let surroundings = Surroundings(
                hub: storage.hub.inProcess(),
                storageURL: url,
                token: token,
                transport: transport,
                restart: {
                    try await storage.stop()
                    _ = try await storage.start()
                },
                hasLittleRoom: hasLittleRoom,
                inside: HubSimInside(hub: storage.hub),
                time: .system,
                makeID: makeID
            )
            let result = try await body(surroundings)
            await storage.end()
            return result
        } catch {
            await storage.end()
            throw error
        }
    }

    /// Starts the storage, on what earlier ones have left; the base URL of its asset API.
    private func start() async throws -> String {
        var configuration = configuration
        configuration.port = state.withLock { $0.port }
        let storage = SimulatedStorage(configuration: configuration, core: core, time: .system, logger: logger)
        let link = StorageLink(storage: storage, hub: hub.inProcess(), time: .system, seed: 1, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: storage.assetServer), .init(service: link)],
                logger: logger
            )
        )
        // It ends by its group's graceful shutdown.
        let task = Task { try await group.run() }
        state.withLock { $0.life = Life(storage: storage, group: group, task: task) }
        let address = try await storage.assetServer.boundAddress()
        state.withLock { $0.port = address.port }
        // Whoever is first on a hub decides what is declared there; some mistakes keep the storage from consuming.
        let time = TimeSource.system
        while !storage.responder.isConsuming, time.now() < .seconds(5) {
            try await time.sleep(for: .milliseconds(2))
        }
        return address.url
    }

    /// Stops it in order.
    private func stop() async throws {
        guard let life = state.withLock({ $0.life }) else { return }
        await life.group.triggerGracefulShutdown()
        try await life.task.value
        state.withLock { $0.life = nil }
    }

    private func end() async {
        // It may be broken in this too; its hub goes with it.
        try? await stop()
        await hub.shutdown()
    }
}
