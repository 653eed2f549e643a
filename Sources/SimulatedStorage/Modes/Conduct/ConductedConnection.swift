import HubProtocol
import MessageHub

/// A connection to the hub as a storage with a mode uses it: everything passes its conduct.
struct ConductedConnection: HubConnection {
    let line: Line
    let conduct: any Conduct

    private var connection: any HubConnection { line.connection }

    func declareExchange(_ exchange: ExchangeDeclaration) async throws(HubError) {
        try await connection.declareExchange(conduct.exchange(exchange))
    }

    func declareQueue(_ queue: QueueDeclaration) async throws(HubError) -> DeclaredQueue {
        try await connection.declareQueue(queue.isExclusive ? conduct.ownQueue(queue) : conduct.queue(queue, on: line))
    }

    func bind(queue: String, exchange: String, routingKey: String) async throws(HubError) {
        guard let key = conduct.bindingKey(routingKey) else { return }
        try await connection.bind(queue: queue, exchange: exchange, routingKey: key)
    }

    func consume(queue: String, prefetch: Int) async throws(HubError) -> HubSubscription {
        let deliveries = try await connection.consume(queue: queue, prefetch: conduct.prefetch(prefetch))
        let (received, feed) = AsyncStream.makeStream(of: HubDelivery.self)
        // Not structured: whoever consumes waits for deliveries, not for this. It ends with the subscription, which
        // ends with the connection; and it holds no more than the hub has delivered and not seen acknowledged.
        Task { [line, conduct] in
            for await delivery in deliveries {
                if let delivery = await conduct.receive(delivery, on: line) { feed.yield(delivery) }
            }
            feed.finish()
        }
        return HubSubscription(received)
    }

    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError) {
        try await conduct.publish(Publication(message, to: address, isMandatory: mandatory), on: line)
    }

    func acknowledge(_ delivery: HubDelivery) async throws(HubError) {
        try await conduct.acknowledge(delivery, on: line)
    }

    func reject(_ delivery: HubDelivery, requeue: Bool) async throws(HubError) {
        guard requeue else { return try await connection.reject(delivery, requeue: false) }
        try await conduct.giveBack(delivery, on: line)
    }

    var events: AsyncStream<HubConnectionEvent> { connection.events }

    func close() async { await connection.close() }
}
