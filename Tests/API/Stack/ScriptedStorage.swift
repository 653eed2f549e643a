import HubProtocol
import MessageHub
import Synchronization

/// A storage side that says on the hub what a test wants, right or wrong.
final class ScriptedStorage: Sendable {
    /// What to answer to a request: bodies of replies, with their correlation ids; none: silence.
    typealias Script = @Sendable (StorageRequest, HubMessage) -> [Reply]

    struct Reply: Sendable {
        var body: [UInt8]
        var correlationID: String?
    }

    private let script: Script
    private let received = Mutex<[StorageRequest]>([])
    private let messages = Mutex<[HubMessage]>([])
    private let consuming = AsyncStream.makeStream(of: Void.self)

    init(_ script: @escaping Script) { self.script = script }

    /// Answers every request with this outcome, as a storage should.
    convenience init(outcome: StorageReply.Outcome) {
        self.init { request, message in
            let reply = StorageReply(operationID: request.operationID, outcome: outcome)
            return [Reply(body: reply.encoded(), correlationID: message.correlationID)]
        }
    }

    /// Every request that came, a repeated one as often as it came.
    var requests: [StorageRequest] { received.withLock { $0 } }

    /// The messages that they came in.
    var requestMessages: [HubMessage] { messages.withLock { $0 } }

    func waitUntilConsuming() async {
        for await _ in consuming.stream { return }
    }

    func participant(_ topology: Topology) -> any HubParticipant { Side(storage: self, topology: topology) }

    private struct Side: HubParticipant {
        let storage: ScriptedStorage
        let topology: Topology

        func run(on connection: any HubConnection) async throws {
            try await connection.declareExchange(
                ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
            )
            _ = try await connection.declareQueue(.durable(topology.queue))
            try await connection.bind(
                queue: topology.queue,
                exchange: topology.exchange,
                routingKey: Topology.Key.request
            )
            let deliveries = try await connection.consume(queue: topology.queue, prefetch: 64)
            storage.consuming.continuation.yield()
            for await delivery in deliveries {
                try await storage.answer(delivery, on: connection)
                try await connection.acknowledge(delivery)
            }
        }
    }

    private func answer(_ delivery: HubDelivery, on connection: any HubConnection) async throws {
        guard let request = try? StorageRequest(parsing: delivery.message.body), let queue = delivery.message.replyTo
        else { return }
        received.withLock { $0.append(request) }
        messages.withLock { $0.append(delivery.message) }
        for reply in script(request, delivery.message) {
            let message = HubMessage(
                body: reply.body,
                contentType: Topology.contentType,
                correlationID: reply.correlationID
            )
            try await connection.publish(message, to: .queue(queue), mandatory: false)
        }
    }
}
