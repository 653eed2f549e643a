import FaultPlan
import HubProtocol
import Logging
import MessageHub
import ServiceLifecycle
import Synchronization

/// The storage side on the hub: consumes requests, answers them and publishes events (contract §3).
///
/// `run(on:)` is one connection's life; whoever keeps connections open calls it anew on each. Several responders, on
/// one core or on several connections, share the queue.
public final class StorageResponder: Sendable {
    private let spaces: StorageSpaces
    private let instance: StorageInstance
    private var core: StorageCore { spaces.standard.core }
    let topology: Topology
    private let time: TimeSource
    private let ids: IDSource
    private let logger: Logger
    private let lanes = ImageLanes()
    private let unanswerable = UnanswerableReplies()
    private let consumers = Mutex(0)
    private let connections = Mutex(0)

    /// A responder on one core, without faults and namespaces of its own.
    public convenience init(
        core: StorageCore,
        topology: Topology = Topology(),
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger
    ) {
        let nowMs = time.nowMs
        let faults = FaultNamespaces(journal: Journal(nowMs: nowMs), nowMs: nowMs)
        let limits = core.engine.limits
        let spaces = StorageSpaces(core: core, faults: faults, notesRequests: false) {
            StorageCore(limits: limits, time: time, ids: ids, logger: logger)
        }
        self.init(
            spaces: spaces,
            instance: spaces.join(),
            topology: topology,
            time: time,
            ids: ids,
            logger: logger
        )
    }

    init(
        spaces: StorageSpaces,
        instance: StorageInstance,
        topology: Topology,
        time: TimeSource,
        ids: IDSource,
        logger: Logger
    ) {
        self.spaces = spaces
        self.instance = instance
        self.topology = topology
        self.time = time
        self.ids = ids
        self.logger = logger
    }

    /// Whether it is consuming requests at this moment.
    public var isConsuming: Bool { consumers.withLock { $0 > 0 } }

    /// Declares what storage declares, and answers requests until the connection ends or the service is to stop.
    ///
    /// On graceful shutdown it takes no further request, finishes those under way, publishes the events that are left
    /// and returns; requests that the hub had delivered ahead go back to the queue when the connection is closed.
    /// Throws `HubError` where the connection has ended.
    ///
    /// - Parameter onConsuming: called once requests are consumed on this connection.
    public func run(on connection: any HubConnection, onConsuming: @Sendable () -> Void = {}) async throws {
        try await waitWhileDown()
        let line = line(connection)
        let connection = conducted(connection)
        try await begin()
        let deliveries = try await declareAndConsume(on: connection)
        consumers.withLock { $0 += 1 }
        onConsuming()
        defer { consumers.withLock { $0 -= 1 } }
        let (endings, endConnection) = AsyncStream.makeStream(of: HubError.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.publisher(self.spaces.standard).run(on: connection) }
            group.addTask { try await self.publishFurtherSpaces(on: connection) }
            if let conduct = spaces.conduct { group.addTask { try await conduct.accompany(line) } }
            group.addTask { try await self.answer(deliveries, on: connection) { endConnection.yield($0) } }
            group.addTask {
                // A fault ends the connection at one point of a request's course, and the others with it.
                for await error in endings { throw error }
                throw CancellationError()
            }
            // The others end only by an error, or cancelled; answering ends first on graceful shutdown.
            try await group.next()
            group.cancelAll()
        }
        for space in spaces.all { try await publisher(space).flush(on: connection) }
    }

    /// The connection as it is used: a mode may have it otherwise than it should be.
    func conducted(_ connection: any HubConnection) -> any HubConnection {
        guard let conduct = spaces.conduct else { return connection }
        return ConductedConnection(line: line(connection), conduct: conduct)
    }

    private func line(_ connection: any HubConnection) -> Line {
        Line(connection: connection, exchange: topology.exchange, time: time, ids: ids)
    }

    /// Tells a mode of another connection.
    private func begin() async throws {
        guard let conduct = spaces.conduct else { return }
        let number = connections.withLock { count in
            count += 1
            return count
        }
        try await conduct.begin(connection: number, on: core)
    }

    /// A fault may have it that storage is gone for a while.
    private func waitWhileDown() async throws {
        let trouble = spaces.standard.trouble
        guard trouble.downLeft(instance, at: time.now()) > .zero else { return }
        try await cancelWhenGracefulShutdown {
            try await trouble.standStill(since: trouble.mark, on: self.time) {
                trouble.downLeft(self.instance, at: self.time.now())
            }
        }
        // It was gone when it was asked to stop, and comes back for nobody.
        if Task.isShuttingDownGracefully { throw CancellationError() }
    }

    private func publisher(_ space: StorageSpace) -> EventPublisher {
        EventPublisher(
            space: space,
            exchange: topology.exchange,
            limits: core.engine.limits,
            time: time,
            logger: logger
        )
    }

    /// Publishes the events of every namespace, as long as it lasts.
    private func publishFurtherSpaces(on connection: any HubConnection) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for await space in spaces.followed() {
                let publisher = publisher(space)
                group.addTask {
                    try await withThrowingTaskGroup(of: Void.self) { pair in
                        pair.addTask { try await publisher.run(on: connection) }
                        pair.addTask { try await space.waitUntilEnded() }
                        defer { pair.cancelAll() }
                        try await pair.next()
                    }
                }
            }
        }
        try Task.checkCancellation()
    }

    private func declareAndConsume(on connection: any HubConnection) async throws(HubError) -> HubSubscription {
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        let queue = try await connection.declareQueue(.durable(topology.queue))
        try await connection.bind(queue: queue.name, exchange: topology.exchange, routingKey: Topology.Key.request)
        return try await connection.consume(queue: queue.name, prefetch: core.engine.limits.prefetch)
    }

    /// Handles deliveries side by side until there are no more, and returns once all are handled.
    private func answer(
        _ deliveries: HubSubscription,
        on connection: any HubConnection,
        endConnection: @escaping @Sendable (HubError) -> Void
    ) async throws {
        let handler = RequestHandler(
            spaces: spaces,
            instance: instance,
            connection: connection,
            exchange: topology.exchange,
            lanes: lanes,
            unanswerable: unanswerable,
            time: time,
            ids: ids,
            logger: logger,
            endConnection: endConnection
        )
        // The hub bounds how many there are at a time: it never has more than the prefetch count unacknowledged.
        await withDiscardingTaskGroup { group in
            for await delivery in deliveries.cancelOnGracefulShutdown() {
                // One that was delivered ahead may still come; it goes back with the rest.
                if Task.isShuttingDownGracefully { break }
                let request = ReceivedRequest(delivery, bytesMax: core.engine.limits.requestBytesMax)
                // Here, in the order of the deliveries: what comes first counts first.
                let arrival = RequestArrival(request, in: spaces, instance: instance, at: time.now())
                let turn = lanes.turn(forImage: request.imageID)
                group.addTask { await handler.handle(arrival, turn: turn) }
                if !core.outbox.hasRoom {
                    // Cut short where the service is to stop, or the connection has ended: then the loop ends as well.
                    try? await cancelWhenGracefulShutdown { try await self.core.outbox.waitForRoom() }
                }
            }
        }
        if !Task.isShuttingDownGracefully, !Task.isCancelled {
            throw HubError.closed("the consumer of \(topology.queue) has ended")
        }
    }
}
