import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Fault: DuplicateDelivery", .timeLimit(.minutes(5)))
struct DuplicateDeliveryTests {
    @Test func everyCopyCanBeAcknowledged() async throws {
        try await FaultScene.with("queue=q:duplicate_delivery:count=2") { scene in
            let client = try await scene.client()
            try await client.consume()
            try scene.hub.publish(HubMessage(body: [97]), to: .queue("q"))
            #expect(try await client.delivery() == "1: a")
            #expect(try await client.delivery() == "2 again: a")
            #expect(try await client.delivery() == "3 again: a")
            for tag in UInt64(1)...3 { try await client.acknowledge(tag) }
            #expect(await scene.hub.waitUntil(.empty("q")))
            #expect(try await client.ask(.basicGet(BasicGet(queue: "q"))) == "1 method basic.get-empty")
        }
    }

    /// A copy is a message of the queue: a consumer that may hold one gets it once it has dealt with the first.
    @Test func prefetchIsKept() async throws {
        try await FaultScene.with("queue=q:duplicate_delivery:fresh") { scene in
            let connection = try await scene.inProcess()
            let deliveries = try await connection.consume(queue: "q", prefetch: 1)
            try scene.hub.publish(HubMessage(body: [1]), to: .queue("q"))
            var seen: [Bool] = []
            for await delivery in deliveries {
                #expect(scene.hub.snapshot().queue("q")?.unackedCount == 1)
                seen.append(delivery.isRedelivered)
                try await connection.acknowledge(delivery)
                if seen.count == 2 { break }
            }
            #expect(seen == [false, false])
            #expect(await scene.hub.waitUntil(.empty("q")))
        }
    }
}
