import HubProtocol
import Logging
import MessageHub
import ServiceLifecycle

/// An instance's side of the hub as a service: connects, announces itself, answers; connects again when the
/// connection is lost.
///
/// When a graceful shutdown begins it announces that it drains, finishes what it has, announces that it is down, and
/// only then closes the connection.
public struct StorageLink: Service {
    private let storage: SimulatedStorage
    private let hub: any MessageHub
    private let time: TimeSource
    private let seed: UInt64
    private let logger: Logger

    /// - Parameter seed: scatters the pauses between attempts to connect.
    public init(storage: SimulatedStorage, hub: any MessageHub, time: TimeSource, seed: UInt64, logger: Logger) {
        self.storage = storage
        self.hub = hub
        self.time = time
        self.seed = seed
        self.logger = logger
    }

    /// Runs until graceful shutdown or cancellation. Waits for the asset API first: its URL is what is announced.
    public func run() async throws {
        do {
            _ = try await storage.boundURL()
        } catch is CancellationError {
            // The program was stopped before the asset API listened: there is nothing to announce.
            return
        }
        let announcer = Announcer(
            storage.announcement(.up),
            topology: storage.responder.topology,
            appID: Topology.App.storageService,
            time: time,
            logger: logger
        )
        let participant = AnsweringAndAnnouncing(responder: storage.responder, announcer: announcer)
        // Its connections are cut on purpose, again and again: each time it is back after the shortest pause.
        await HubLink(
            hub: hub,
            participants: [participant],
            stableAfter: .zero,
            time: time,
            seed: seed,
            logger: logger
        ).run()
    }
}

/// The two together, because what is announced at the end depends on whether everything is answered.
private struct AnsweringAndAnnouncing: HubParticipant {
    let responder: StorageResponder
    let announcer: Announcer

    var drainsOnShutdown: Bool { true }

    func run(on connection: any HubConnection) async throws {
        let (consuming, continuation) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await responder.run(on: connection) { continuation.finish() }
                // Cancelled, it is the connection that is over and not the service, which goes on on the next one.
                try Task.checkCancellation()
                await announcer.withdraw()
                return true
            }
            group.addTask {
                // Whoever believes the announcement must not find a queue that is not there yet.
                for await _ in consuming {}
                try Task.checkCancellation()
                try await announcer.run(on: responder.conducted(connection))
                return false
            }
            group.addTask {
                try await gracefulShutdown()
                await announcer.drain()
                return false
            }
            while let isAnswered = try await group.next() {
                if isAnswered { group.cancelAll() }
            }
        }
    }
}
