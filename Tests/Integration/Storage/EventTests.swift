import HubProtocol
import JSON
import MessageHub
import TestSupport
import Testing

/// What storage tells everybody after an effect, over a hub.
@Suite("Storage events over a hub", .timeLimit(.minutes(10)))
struct EventTests {
    @Test(arguments: HubUnderTest.all)
    func everyEffectOfAnImageIsToldInOrder(on hub: HubUnderTest) async throws {
        try await StorageBench.run(on: hub) { bench in
            try await withConnection(bench.hub) { connection in
                let queue = try await freshQueue(connection)
                try await connection.bind(queue: queue, exchange: bench.topology.exchange, routingKey: "image.#")
                let subscription = try await connection.consume(queue: queue, prefetch: 10)

                let created = try ImageRecord(try await bench.data(StorageBench.image(named: "a"), id: "op-1"))
                let change = UpdateImage(imageID: created.id, name: "b")
                let updated = try ImageRecord(try await bench.data(.updateImage(change), id: "op-2"))
                let version = CreateImageVersion(imageID: created.id, content: created.content)
                let versioned = try ImageRecord(try await bench.data(.createImageVersion(version), id: "op-3"))
                // Neither a repetition nor a refusal is an effect.
                _ = try await bench.data(.updateImage(change), id: "op-2")
                _ = try await bench.code(.getImage(GetImage(imageID: "none")))
                _ = try await bench.data(.deleteImage(DeleteImage(imageID: created.id)), id: "op-4")

                var deliveries = subscription.makeAsyncIterator()
                var events: [StorageEvent] = []
                while events.count < 4 {
                    let delivery = try #require(await deliveries.next())
                    let event = try StorageEvent(try JSONValue(parsing: delivery.message.body))
                    #expect(delivery.routingKey == event.kind.rawValue)
                    #expect(delivery.message.contentType == "application/json")
                    // At least once: the same event may come again, and is then the same to the letter.
                    if !events.contains(event) { events.append(event) }
                    try await connection.acknowledge(delivery)
                }
                #expect(events.map(\.kind) == [.created, .updated, .versionCreated, .deleted])
                #expect(events.map(\.operationID) == ["op-1", "op-2", "op-3", "op-4"])
                #expect(events.map(\.record) == [created, updated, versioned, versioned])
            }
        }
    }
}
