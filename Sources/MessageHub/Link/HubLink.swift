import Logging
import ServiceLifecycle

/// Keeps a connection to a hub alive and hands each new one to its participants.
///
///     let link = HubLink(hub: hub, participants: [requester, directory], time: time, seed: 1, logger: logger)
///     try await withThrowingTaskGroup { group in group.addTask { await link.run() } … }
///     try await link.state.waitUntil(\.isConnected)
///
/// When a participant throws or the connection ends, all participants are cancelled, the connection is closed and, after
/// a pause that grows, a new one is opened. The first attempt is made at once.
public final class HubLink: Service {
    private let hub: any MessageHub
    private let participants: [any HubParticipant]
    private let backoff: Backoff
    private let stableAfter: Duration
    private let time: TimeSource
    private let seed: UInt64
    private let logger: Logger

    /// How it stands, to be read, followed or waited for.
    public let state = Observed(HubLinkState())

    /// - Parameters:
    ///   - stableAfter: a connection that lasted so long makes the pauses start from the shortest again.
    ///   - seed: for the scatter of the pauses.
    public init(
        hub: any MessageHub,
        participants: [any HubParticipant],
        backoff: Backoff = Backoff(),
        stableAfter: Duration = .seconds(10),
        time: TimeSource,
        seed: UInt64,
        logger: Logger
    ) {
        self.hub = hub
        self.participants = participants
        self.backoff = backoff
        self.stableAfter = stableAfter
        self.time = time
        self.seed = seed
        self.logger = logger
    }

    /// Runs until its task is cancelled or, under ServiceLifecycle, a graceful shutdown begins and the participants
    /// that drain have done so; the connection is closed by then. To be called once.
    public func run() async {
        var backoff = backoff
        var random = SeededGenerator(seed: seed)
        while !isStopping {
            state.update { $0.phase = .connecting }
            let error: HubError
            do throws(HubError) {
                let connection = try await connect()
                let openedAt = time.now()
                error = await serve(connection)
                if time.now() - openedAt >= stableAfter { backoff.reset() }
            } catch let failure {
                error = failure
            }
            if isStopping { break }
            let pause = backoff.next(using: &random)
            state.update { $0.phase = .disconnected(error) }
            logger.line(
                .warning,
                "hub connection lost; another attempt follows",
                [.hub: hub.name, .error: error, .pauseMs: pause.milliseconds]
            )
            do {
                try await cancelWhenGracefulShutdown { try await self.time.sleep(for: pause) }
            } catch {
                break
            }
        }
        state.update { $0.phase = .disconnected(nil) }
    }

    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    private func connect() async throws(HubError) -> any HubConnection {
        let outcome = await cancelWhenGracefulShutdown { () async -> Result<any HubConnection, HubError> in
            do throws(HubError) {
                return .success(try await self.hub.connect())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// What a task of `serve` comes back with.
    private enum Ending {
        /// This participant, or the connection, ended the whole.
        case failed(HubError)
        case returned(drains: Bool)
        case shutdownBegan
    }

    /// Runs the participants on a connection until it ends; why it did.
    private func serve(_ connection: any HubConnection) async -> HubError {
        state.update { state in
            state.phase = .connected
            state.connectionCount += 1
        }
        logger.line(.info, "hub connected", [.hub: hub.name])
        let reason = await withTaskGroup(of: Ending.self) { group in
            group.addTask { .failed(await self.watch(connection.events)) }
            group.addTask {
                // Cancelled together with the others, this comes back as if it had begun: by then nobody listens.
                try? await gracefulShutdown()
                return .shutdownBegan
            }
            for participant in participants {
                group.addTask { await self.run(participant, on: connection) }
            }
            var reason: HubError?
            var draining = participants.count(where: \.drainsOnShutdown)
            var isShuttingDown = false
            for await ending in group {
                switch ending {
                case .failed(let error):
                    // The first one is the cause; the others end because of it.
                    if reason == nil { reason = error }
                    group.cancelAll()
                case .returned(let drains):
                    if drains { draining -= 1 }
                case .shutdownBegan:
                    isShuttingDown = true
                }
                if isShuttingDown, draining == 0 { group.cancelAll() }
            }
            return reason ?? .cancelled
        }
        await connection.close()
        return reason
    }

    private func run(_ participant: any HubParticipant, on connection: any HubConnection) async -> Ending {
        do {
            try await participant.run(on: connection)
            return .returned(drains: participant.drainsOnShutdown)
        } catch let error as HubError {
            return .failed(error)
        } catch is CancellationError {
            return .failed(.cancelled)
        } catch {
            return .failed(.closed("a participant failed: \(error)"))
        }
    }

    /// Follows what happens to the connection as a whole until it ends.
    private func watch(_ events: AsyncStream<HubConnectionEvent>) async -> HubError {
        for await event in events {
            switch event {
            case .blocked(let reason):
                state.update { $0.phase = .blocked(reason: reason) }
                logger.line(.warning, "hub takes no messages for now", [.hub: hub.name, .reason: reason])
            case .unblocked:
                state.update { $0.phase = .connected }
                logger.line(.info, "hub takes messages again", [.hub: hub.name])
            case .closed(let error):
                return error
            }
        }
        return .cancelled
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
