import AMQP
import MessageHub
import Testing

@testable import HubSim

/// Memory's limits as clients on the socket meet them.
@Suite("Bounded memory", .timeLimit(.minutes(5)))
struct BoundedMemoryTests {
    @Test(.keeps(.memory, "a blocked publisher holds up no consumer")) func publishersAreBlockedAndConsumersDrain()
        async throws
    {
        var configuration = HubConfiguration.forTests
        configuration.limits.totalBytesHigh = 10_000
        let hub = try await HubSim.start(configuration)
        let large = String(repeating: "x", count: 10_000)
        let publisher = try await RawClient.withChannel(port: hub.port)
        _ = try await publisher.ask(.queueDeclare(QueueDeclare(queue: "q")))
        try await publisher.publish(large, "q")
        #expect("\(try await publisher.next())" == #"0 method connection.blocked reason="low on memory""#)

        let simple = try await RawClient.loggedIn(port: hub.port, properties: ["capabilities": [:]])
        try await simple.send(.channelOpen, channel: 1)
        _ = try await simple.next()
        try await simple.publish("taken", "q")
        #expect(await hub.waitUntil(.snapshot { $0.connections.allSatisfy(\.isBlocked) }))
        // Neither is read any more, so these stay in their sockets.
        try await publisher.publish("held", "q")
        try await simple.publish("held", "q")

        let consumer = try await RawClient.withChannel(port: hub.port)
        #expect(try await consumer.ask(.basicQos(BasicQos(prefetchCount: 1))) == "1 method basic.qos-ok")
        #expect(hub.snapshot().queue("q")?.publishedCount == 2)
        _ = try await consumer.ask(.basicConsume(BasicConsume(queue: "q", consumerTag: "t")))
        var bodies: [Int] = []
        while bodies.count < 4 {
            guard case .frame(.body(1, let body)) = try await consumer.next() else { continue }
            bodies.append(body.count)
            try await consumer.send(.basicAck(BasicAck(deliveryTag: UInt64(bodies.count))), channel: 1)
        }
        #expect(bodies == [10_000, 5, 4, 4])
        #expect("\(try await publisher.next())" == "0 method connection.unblocked")
        // Who does not know `blocked` has heard nothing of it.
        #expect(try await simple.ask(.basicQos(BasicQos())) == "1 method basic.qos-ok")
        #expect(await hub.waitUntil(.empty("q")))
        #expect(hub.snapshot().messageBytes == 0 && !hub.snapshot().isBlocking)
        await hub.shutdown()
    }

    @Test func publishesAreRefusedPastTheSecondLimit() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.totalBytesHigh = 10_000
        configuration.limits.totalBytesMax = 11_000
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient.withChannel(port: hub.port)
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        _ = try await client.ask(.confirmSelect(ConfirmSelect()))
        try await client.publish(String(repeating: "x", count: 12_000), "q")
        #expect("\(try await client.next())".hasPrefix("1 method basic.nack delivery-tag=1"))
        try await client.publish(String(repeating: "x", count: 2000), "q")
        #expect("\(try await client.next())" == "1 method basic.ack delivery-tag=2")
        await hub.shutdown()
    }

    /// A few octets each ask for a large message, many times over: they are answered as fast as the client takes them.
    @Test func largeMessagesAreFetchedOneAfterTheOther() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.outboundBytesMax = 4 << 20
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient.withChannel(port: hub.port)
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        let size = 1 << 20
        try hub.publish(HubMessage(body: Array(repeating: 1, count: size)), to: .queue("q"))
        var frames: [Frame] = []
        for tag in UInt64(1)...24 {
            frames.append(.method(channel: 1, .basicGet(BasicGet(queue: "q"))))
            frames.append(.method(channel: 1, .basicReject(BasicReject(deliveryTag: tag, requeue: true))))
        }
        try await client.send(frames: frames)
        var (answers, received) = (0, 0)
        reading: while received < 24 * size {
            switch try await client.next() {
            case .frame(.method(1, .basicGetOk)): answers += 1
            case .frame(.body(1, let piece)): received += piece.count
            case .frame(.header): continue
            case let other:
                Issue.record("\(other)")
                break reading
            }
        }
        #expect(answers == 24)
        #expect(try await client.ask(.basicQos(BasicQos())) == "1 method basic.qos-ok", "it is read from again")
        await hub.shutdown()
    }

    @Test func whoHoldsMostGivesUp() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.socketBytesMax = 1 << 20
        let hub = try await HubSim.start(configuration)
        let bystander = try await RawClient.withChannel(port: hub.port)
        _ = try await bystander.ask(.queueDeclare(QueueDeclare(queue: "q")))
        let small = try await RawClient.withChannel(port: hub.port)
        try await small.send(frames: unfinished(bytes: 300 << 10, of: 400 << 10))
        let large = try await RawClient.withChannel(port: hub.port)
        try await large.send(frames: unfinished(bytes: 900 << 10, of: 10 << 20))
        guard case .frame(.method(0, .connectionClose(let close))) = try await large.next() else {
            Issue.record("not closed")
            return
        }
        #expect(close.replyCode == 506, "\(close.replyText)")
        // The other one's content goes through.
        try await small.send(.body(channel: 1, Array(repeating: 0, count: 100 << 10)))
        #expect(await hub.waitUntil(.ready(in: "q", atLeast: 1)))
        await hub.shutdown()
    }

    private func unfinished(bytes: Int, of size: Int) -> [Frame] {
        var frames: [Frame] = [
            .method(channel: 1, .basicPublish(BasicPublish(routingKey: "q"))),
            .header(channel: 1, ContentHeader(bodySize: UInt64(size))),
        ]
        var left = bytes
        while left > 0 {
            let piece = min(left, 100 << 10)
            frames.append(.body(channel: 1, Array(repeating: 0, count: piece)))
            left -= piece
        }
        return frames
    }

    @Test func manyConnectionsAndQueuesLeaveNothing() async throws {
        let hub = try await HubSim.start(.forTests)
        var clients: [RawClient] = []
        for number in 0..<200 {
            let client = try await RawClient.withChannel(port: hub.port)
            clients.append(client)
            var frames: [Frame] = []
            for index in 0..<10 {
                let name = "q.\(number).\(index)"
                let declare = QueueDeclare(queue: name, exclusive: true, noWait: true)
                frames.append(.method(channel: 1, .queueDeclare(declare)))
                let bind = QueueBind(queue: name, exchange: "amq.topic", routingKey: "k.\(number).#", noWait: true)
                frames.append(.method(channel: 1, .queueBind(bind)))
                frames.append(.method(channel: 1, .basicPublish(BasicPublish(routingKey: name))))
                frames.append(.header(channel: 1, ContentHeader(bodySize: 1)))
                frames.append(.body(channel: 1, [1]))
            }
            try await client.send(frames: frames)
        }
        #expect(
            await hub.waitUntil(.snapshot { $0.queues.count == 2000 && $0.queues.allSatisfy { $0.readyCount == 1 } })
        )
        #expect(hub.snapshot().connections.count == 200)
        for client in clients { await client.close() }
        #expect(await hub.waitUntil(.connections(0)))
        let left = hub.snapshot()
        #expect(left.queues.isEmpty && left.bindings.isEmpty)
        #expect(left.messageBytes == 0 && left.definitionBytes == 0)
        await hub.shutdown()
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func fuzzedClientsHarmNobodyElse(_ seed: UInt64) async throws {
        let hub = try await HubSim.start(.forTests)
        let bystander = try await RawClient.withChannel(port: hub.port)
        _ = try await bystander.ask(.queueDeclare(QueueDeclare(queue: "bystander", exclusive: true)))
        for index in 0..<3 {
            let client = try await RawClient(port: hub.port)
            let session = FuzzedSession(seed: seed &* 31 &+ UInt64(index))
            // The hub may have hung up by now.
            try? await client.send(bytes: session.bytes)
            await client.close()
        }
        #expect(await hub.waitUntil(.connections(1)))
        try await bystander.publish("still", "bystander")
        #expect(try await bystander.ask(.basicGet(BasicGet(queue: "bystander"))).contains("basic.get-ok"))
        await hub.shutdown()
    }
}
