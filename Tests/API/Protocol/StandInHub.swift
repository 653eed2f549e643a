import HubProtocol
import JSON
import MessageHub
import Synchronization

/// The stand-in's side of the hub: what came, in the order in which it came, and answers of any kind.
final class StandInHub: Sendable {
    /// The requests, repeated ones as often as they came.
    let requests = Observed<[HubDelivery]>([])
    /// What was published with `discovery.announce` and `discovery.query`.
    let announcements = Observed<[HubDelivery]>([])
    let queries = Observed<[HubDelivery]>([])

    let topology: Topology
    private let hub: any MessageHub
    private struct State: Sendable {
        var connection: (any HubConnection)?
        var automaticOutcome: StorageReply.Outcome?
    }

    private let state = Mutex(State())

    init(_ hub: any MessageHub, topology: Topology) {
        self.hub = hub
        self.topology = topology
    }

    /// Listens for as long as `body` takes.
    func whileListening(consumes: Bool, _ body: @Sendable @escaping () async throws -> Void) async throws {
        let connection = try await hub.connect()
        state.withLock { $0.connection = connection }
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        var subscriptions: [(HubSubscription, Observed<[HubDelivery]>)] = []
        for (key, arrivals) in [(Topology.Key.announce, announcements), (Topology.Key.query, queries)] {
            let queue = try await connection.declareQueue(.exclusive).name
            try await connection.bind(queue: queue, exchange: topology.exchange, routingKey: key)
            subscriptions.append((try await connection.consume(queue: queue, prefetch: 100), arrivals))
        }
        if consumes {
            _ = try await connection.declareQueue(.durable(topology.queue))
            try await connection.bind(
                queue: topology.queue,
                exchange: topology.exchange,
                routingKey: Topology.Key.request
            )
            subscriptions.append((try await connection.consume(queue: topology.queue, prefetch: 100), requests))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (subscription, arrivals) in subscriptions {
                group.addTask {
                    for await delivery in subscription {
                        arrivals.update { $0.append(delivery) }
                        try await connection.acknowledge(delivery)
                        if arrivals === self.requests, let outcome = self.state.withLock({ $0.automaticOutcome }) {
                            try await self.reply(to: delivery, outcome)
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            try await body()
        }
        await connection.close()
    }

    /// Publishes to the exchange.
    func publish(_ body: JSONValue, routingKey: String) async throws {
        let message = HubMessage(body: body.encoded(), contentType: Topology.contentType)
        let address = HubAddress(exchange: topology.exchange, routingKey: routingKey)
        try await opened().publish(message, to: address, mandatory: false)
    }

    /// Answers a request with any body and any correlation id.
    func reply(to request: HubDelivery, body: [UInt8], correlationID: String?) async throws {
        let message = HubMessage(body: body, contentType: Topology.contentType, correlationID: correlationID)
        try await opened().publish(message, to: .queue(request.message.replyTo ?? ""), mandatory: true)
    }

    /// Answers a request as a storage should.
    func reply(to request: HubDelivery, _ outcome: StorageReply.Outcome) async throws {
        let reply = StorageReply(operationID: try request.envelope().operationID, outcome: outcome)
        try await self.reply(to: request, body: reply.encoded(), correlationID: request.message.correlationID)
    }

    /// Answers every request from now on without being told.
    func answerEverything(with outcome: StorageReply.Outcome) { state.withLock { $0.automaticOutcome = outcome } }

    /// Whether a queue is there that another connection may have a look at; what the hub says where it may not.
    func lookAtQueue(_ name: String) async throws -> HubError? {
        // A connection of its own, because the hub may end it over this.
        let connection = try await hub.connect()
        var refusal: HubError?
        do throws(HubError) {
            _ = try await connection.declareQueue(QueueDeclaration(name: name, isPassive: true))
        } catch {
            refusal = error
        }
        await connection.close()
        return refusal
    }

    private func opened() -> any HubConnection {
        guard let connection = state.withLock({ $0.connection }) else {
            preconditionFailure("Cannot publish before the stand-in listens")
        }
        return connection
    }
}

extension HubDelivery {
    /// The request in it.
    func envelope() throws -> StorageRequest { try StorageRequest(parsing: message.body) }
}
