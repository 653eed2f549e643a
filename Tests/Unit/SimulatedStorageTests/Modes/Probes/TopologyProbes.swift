import HubProtocol
import HubSim
import JSON
import MessageHub

@testable import SimulatedStorage

extension ModeProbe {
    static let ofTopology: [ModeProbe] = [
        .bench("exchange-not-durable", { try await $0.refusesExchange() }),
        .bench("exchange-of-kind-direct", { try await $0.refusesExchange() }),
        .bench("queue-not-durable", { try await $0.refusesQueue() }),
        .bench("queue-auto-delete", { try await $0.refusesQueue() }),
        .bench(
            "queue-per-instance",
            { bench in
                let queue = QueueDeclaration(name: Topology.defaultQueue, isPassive: true)
                return try await bench.refuses { try await $0.declareQueue(queue) }
            }
        ),
        ModeProbe("queue-not-bound") { client in
            do throws(HubError) {
                let body = StorageRequest(operation: "list_images", operationID: "1", data: [:]).encoded()
                try await client.connection.publish(
                    HubMessage(body: body),
                    to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.request),
                    mandatory: true
                )
                return false
            } catch {
                if case .returned = error { return true }
                return false
            }
        },
        .bench(
            "queue-bound-by-a-wildcard",
            { bench in
                bench.hub.snapshot().bindings.contains {
                    $0.destination == Topology.defaultQueue && $0.routingKey == "storage.*"
                }
            }
        ),
        ModeProbe("answers-only-server-named-queues") { client in
            let mine = try await client.connection.declareQueue(
                QueueDeclaration(name: "answers for me", isExclusive: true)
            )
            try await client.publish("list_images", id: "op") { $0.replyTo = mine.name }
            return try await client.notices { $0.heard.contains { $0.key == "storage.response" } }
        },
        ModeProbe("declares-once") { client in
            // Its consumer ends with the queue, and so it connects anew.
            client.bench.hub.removeEverything()
            return try await client.misses { $0.requests?.consumerCount == 1 }
        },
    ]
}

extension ModeBench {
    /// Whether the hub refuses something.
    func refuses<Result>(_ what: (any HubConnection) async throws -> Result) async throws -> Bool {
        let connection = try await connect()
        do {
            _ = try await what(connection)
            await connection.close()
            return false
        } catch HubError.refused {
            return true
        }
    }

    /// Whether a requester's declaration of the exchange does not fit.
    func refusesExchange() async throws -> Bool {
        try await refuses {
            try await $0.declareExchange(ExchangeDeclaration(name: "message_hub", kind: .topic, isDurable: true))
        }
    }

    /// Whether the declaration that the document asks for does not fit.
    func refusesQueue() async throws -> Bool {
        try await refuses { try await $0.declareQueue(.durable("storage_service")) }
    }
}

extension ModeClient {
    /// The storage side's queue at this moment.
    var requests: QueueSnapshot? { bench.hub.snapshot().queue(Topology.defaultQueue) }
}
