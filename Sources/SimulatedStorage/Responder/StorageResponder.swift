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
    private let core: StorageCore
    let topology: Topology
    private let time: TimeSource
    private let ids: IDSource
    private let logger: Logger
    private let lanes = ImageLanes()
    private let unanswerable = UnanswerableReplies()
    private let consumers = Mutex(0)

    public init(
        core: StorageCore,
        topology: Topology = Topology(),
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger
    ) {
        self.core = core
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
        let deliveries = try await declareAndConsume(on: connection)
        consumers.withLock { $0 += 1 }
        onConsuming()
        defer { consumers.withLock { $0 -= 1 } }
        let publisher = EventPublisher(
            outbox: core.outbox,
            exchange: topology.exchange,
            limits: core.engine.limits,
            time: time,
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run(on: connection) }
            group.addTask { try await self.answer(deliveries, on: connection) }
            // The publisher ends only by an error, or cancelled; answering ends first on graceful shutdown.
            try await group.next()
            group.cancelAll()
        }
        try await publisher.flush(on: connection)
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
    private func answer(_ deliveries: HubSubscription, on connection: any HubConnection) async throws {
        let handler = RequestHandler(
            core: core,
            connection: connection,
            exchange: topology.exchange,
            lanes: lanes,
            unanswerable: unanswerable,
            time: time,
            ids: ids,
            logger: logger
        )
        // The hub bounds how many there are at a time: it never has more than the prefetch count unacknowledged.
        await withDiscardingTaskGroup { group in
            for await delivery in deliveries.cancelOnGracefulShutdown() {
                // One that was delivered ahead may still come; it goes back with the rest.
                if Task.isShuttingDownGracefully { break }
                let request = ReceivedRequest(delivery, bytesMax: core.engine.limits.requestBytesMax)
                let turn = lanes.turn(forImage: request.imageID)
                group.addTask { await handler.handle(request, turn: turn) }
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
