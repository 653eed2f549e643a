import HubProtocol
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage
import Synchronization

/// The simulated storage's life on the hub: it answers requests and announces itself, once its asset API listens.
final class StorageSide: Service {
    private let storage: SimulatedStorage
    private let hubURL: HubURL
    private let topology: Topology
    private let time: TimeSource
    private let logger: Logger
    private let onBound: @Sendable (String) async throws -> Void
    private let announcer = Mutex<Announcer?>(nil)

    init(
        storage: SimulatedStorage,
        hubURL: HubURL,
        topology: Topology,
        time: TimeSource,
        logger: Logger,
        onBound: @escaping @Sendable (String) async throws -> Void
    ) {
        self.storage = storage
        self.hubURL = hubURL
        self.topology = topology
        self.time = time
        self.logger = logger
        self.onBound = onBound
    }

    func run() async throws {
        try await onBound(try await storage.boundURL())
        let announcer = Announcer(
            storage.announcement(.up),
            topology: topology,
            appID: Topology.App.storageService,
            time: time,
            logger: logger
        )
        self.announcer.withLock { $0 = announcer }
        let link = HubLink(
            hub: RabbitMQHub(hubURL, RabbitMQOptions(connectionName: "storage")),
            participants: [Answering(responder: storage.responder), announcer],
            time: time,
            seed: .random(in: .min ... .max),
            logger: logger
        )
        await link.run()
    }

    func announceDown() async { await announcer.withLock { $0 }?.withdraw() }
}

/// The responder as one of those that work on each connection.
private struct Answering: HubParticipant {
    let responder: StorageResponder

    func run(on connection: any HubConnection) async throws { try await responder.run(on: connection) }
}
