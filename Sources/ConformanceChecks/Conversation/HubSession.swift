import HubProtocol
import MessageHub

/// The checker's own connection: a queue of its own for each check, and listeners for what everybody hears.
final class HubSession: Sendable {
    let hub: any MessageHub
    let topology: Topology
    let time: TimeSource
    private let connection: any HubConnection
    /// `image.*` and every other event on the exchange.
    let events: Inbox
    /// `discovery.announce`.
    let announcements: Inbox
    /// `storage.response`.
    let unaddressed: Inbox

    private init(hub: any MessageHub, topology: Topology, connection: any HubConnection, time: TimeSource) {
        self.hub = hub
        self.topology = topology
        self.connection = connection
        self.time = time
        events = Inbox(time: time)
        announcements = Inbox(time: time)
        unaddressed = Inbox(time: time)
    }

    /// Opens the connection, runs `body` and closes it.
    static func run<Result: Sendable>(
        on hub: any MessageHub,
        topology: Topology,
        time: TimeSource,
        _ body: @Sendable @escaping (HubSession) async throws -> Result
    ) async throws -> Result {
        let connection = try await hub.connect()
        let session = HubSession(hub: hub, topology: topology, connection: connection, time: time)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            do {
                do throws(HubError) {
                    try await session.apart { connection throws(HubError) in
                        try await connection.declareExchange(Self.exchange(topology.exchange))
                    }
                } catch .refused {
                    // It is there, declared otherwise: a check will say so, and the others can still use it.
                }
                for (key, inbox) in [
                    ("image.*", session.events), (Topology.Key.announce, session.announcements),
                    (Topology.Key.response, session.unaddressed),
                ] {
                    let queue = try await connection.declareQueue(.exclusive)
                    try await connection.bind(queue: queue.name, exchange: topology.exchange, routingKey: key)
                    let deliveries = try await connection.consume(queue: queue.name, prefetch: Limits.prefetch)
                    group.addTask { await session.listen(to: deliveries, inbox) }
                }
                let result = try await body(session)
                await connection.close()
                return result
            } catch {
                await connection.close()
                throw error
            }
        }
    }

    static func exchange(_ name: String) -> ExchangeDeclaration {
        ExchangeDeclaration(name: name, kind: .topic, isDurable: true)
    }

    /// Puts what comes into an inbox, until the connection ends. Looks over each first with `note`.
    func listen(
        to deliveries: HubSubscription,
        _ inbox: Inbox,
        note: @Sendable (Received) -> Void = { _ in }
    ) async {
        for await delivery in deliveries {
            let received = Received(delivery, at: time.now())
            note(received)
            inbox.received(received)
            // A connection that has ended ends the loop as well.
            try? await connection.acknowledge(delivery)
        }
        inbox.ended()
    }

    /// A queue of this connection's own.
    func replyQueue(named name: String = "") async throws(HubError) -> (name: String, deliveries: HubSubscription) {
        let queue = try await connection.declareQueue(
            QueueDeclaration(name: name, isExclusive: true, isAutoDelete: true)
        )
        return (queue.name, try await connection.consume(queue: queue.name, prefetch: Limits.prefetch))
    }

    /// Publishes, mandatory, and waits for the hub's confirm.
    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool = true) async throws(HubError) {
        try await connection.publish(message, to: address, mandatory: mandatory)
    }

    /// Asks something on a connection of its own, which the hub may close for it.
    func apart<Result: Sendable>(
        _ body: @Sendable (any HubConnection) async throws(HubError) -> Result
    ) async throws(HubError) -> Result {
        let connection = try await hub.connect()
        do throws(HubError) {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }
}
