import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("In-process", .timeLimit(.minutes(5)))
struct InProcessTests {
    let hub = HubSim.withoutSocket()

    private func connect() async throws -> any HubConnection { try await hub.inProcess().connect() }

    @Test func aRequestAndItsReply() async throws {
        let asking = try await connect()
        let answering = try await connect()
        try await answering.declareExchange(ExchangeDeclaration(name: "hub", kind: .topic, isDurable: true))
        _ = try await answering.declareQueue(.durable("service"))
        try await answering.bind(queue: "service", exchange: "hub", routingKey: "storage.request")
        let requests = try await answering.consume(queue: "service", prefetch: 1)
        let mailbox = try await asking.declareQueue(.exclusive).name
        let replies = try await asking.consume(queue: mailbox, prefetch: 10)

        var request = HubMessage(body: Array("ping".utf8), contentType: "text/plain", isPersistent: true)
        request.correlationID = "c1"
        request.replyTo = mailbox
        request.expirationMs = 5000
        request.headers = ["event_type": .string("storage.request"), "n": .integer(7), "b": .bool(true)]
        let address = HubAddress(exchange: "hub", routingKey: "storage.request")
        try await asking.publish(request, to: address, mandatory: true)

        let received = try #require(await requests.first { _ in true })
        #expect(received.message == request)
        #expect(received.exchange == "hub" && received.routingKey == "storage.request" && !received.isRedelivered)
        try await answering.publish(HubMessage(body: Array("pong".utf8)), to: .queue(mailbox), mandatory: true)
        try await answering.acknowledge(received)
        let reply = try #require(await replies.first { _ in true })
        #expect(reply.message.body == Array("pong".utf8))
        #expect(await hub.waitUntil(.acknowledged(from: "service", atLeast: 1)))
        await hub.shutdown()
    }

    @Test func whatNobodyTakesComesBack() async throws {
        let connection = try await connect()
        await #expect(throws: HubError.returned(code: 312, text: "NO_ROUTE")) {
            try await connection.publish(HubMessage(body: []), to: .queue("none"), mandatory: true)
        }
        try await connection.publish(HubMessage(body: []), to: .queue("none"), mandatory: false)
    }

    @Test func whatIsRefusedEndsTheConnection() async throws {
        let connection = try await connect()
        let refusal = HubError.refused(code: 404, text: "NOT_FOUND - no queue 'q' in vhost '/'")
        await #expect(throws: refusal) { _ = try await connection.consume(queue: "q", prefetch: 1) }
        var events: [HubConnectionEvent] = []
        for await event in connection.events { events.append(event) }
        #expect(events == [.closed(.closed("404 NOT_FOUND - no queue 'q' in vhost '/'"))])
        await #expect(throws: HubError.closed("404 NOT_FOUND - no queue 'q' in vhost '/'")) {
            _ = try await connection.declareQueue(.exclusive)
        }
        #expect(await hub.waitUntil(.connections(0)))
    }

    @Test func aVirtualHostMustBeThere() async throws {
        await #expect(throws: HubError.refused(code: 530, text: "NOT_ALLOWED - vhost x not found")) {
            _ = try await hub.inProcess(vhost: "x").connect()
        }
    }

    @Test func closingEndsEverything() async throws {
        let connection = try await connect()
        let name = try await connection.declareQueue(.exclusive).name
        let deliveries = try await connection.consume(queue: name, prefetch: 1)
        await connection.close()
        await connection.close()
        #expect(await deliveries.first { _ in true } == nil)
        await #expect(throws: HubError.closed("closed by this side")) {
            try await connection.publish(HubMessage(body: []), to: .queue(name), mandatory: true)
        }
        #expect(hub.snapshot().queues.isEmpty)
    }

    @Test func aDeletedQueueEndsItsSubscription() async throws {
        let connection = try await connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        let deliveries = try await connection.consume(queue: "q", prefetch: 1)
        hub.hub.change { broker, _ in
            if let queue = broker.queue("q", "/") { broker.delete(queue) }
        }
        #expect(await deliveries.first { _ in true } == nil)
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
    }

    @Test func neverMoreThanThePrefetchIsUnacknowledged() async throws {
        let connection = try await connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        let deliveries = try await connection.consume(queue: "q", prefetch: 2)
        for number in UInt8(0)..<5 {
            try await connection.publish(HubMessage(body: [number]), to: .queue("q"), mandatory: true)
        }
        #expect(hub.snapshot().queue("q")?.unackedCount == 2)
        var seen: [UInt8] = []
        for await delivery in deliveries {
            seen += delivery.message.body
            try await connection.acknowledge(delivery)
            if seen.count == 5 { break }
        }
        #expect(seen == [0, 1, 2, 3, 4])
    }

    @Test func aRejectedDeliveryComesAgain() async throws {
        let connection = try await connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        let deliveries = try await connection.consume(queue: "q", prefetch: 1)
        try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
        var count = 0
        for await delivery in deliveries {
            #expect(delivery.isRedelivered == (count > 0))
            count += 1
            try await connection.reject(delivery, requeue: count < 3)
            if count == 3 { break }
        }
        #expect(hub.snapshot().queue("q").map { $0.readyCount + $0.unackedCount } == 0)
    }

    @Test func publishersWaitWhileMemoryIsShort() async throws {
        var configuration = HubConfiguration()
        configuration.limits.totalBytesHigh = 1500
        let hub = HubSim.withoutSocket(configuration)
        let connection = try await hub.inProcess().connect()
        let reader = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        for _ in 0..<3 { try await connection.publish(HubMessage(body: [0]), to: .queue("q"), mandatory: true) }
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "low on memory"))
        async let late: Void = connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
        for await delivery in try await reader.consume(queue: "q", prefetch: 1) {
            try await reader.acknowledge(delivery)
            if delivery.message.body == [1] { break }
        }
        try await late
        #expect(await events.next() == .unblocked)
    }

    @Test func aCancelledTaskStopsWaiting() async throws {
        var configuration = HubConfiguration()
        configuration.limits.totalBytesHigh = 1
        let hub = HubSim.withoutSocket(configuration)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.publish(HubMessage(body: [0]), to: .queue("q"), mandatory: true)
        let waiting = Task { try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true) }
        waiting.cancel()
        await #expect(throws: HubError.cancelled) { try await waiting.value }
    }

    @Test(arguments: [
        HubAddress(exchange: String(repeating: "x", count: 256), routingKey: ""),
        HubAddress(exchange: "", routingKey: String(repeating: "ü", count: 128)),
    ])
    func namesHaveAnEnd(_ address: HubAddress) async throws {
        let connection = try await connect()
        await #expect(throws: HubError.invalid("name or property of 256 bytes; 255 are the most")) {
            try await connection.publish(HubMessage(body: []), to: address, mandatory: false)
        }
    }

    @Test func manyAtOnceAreAllConfirmed() async throws {
        let connection = try await connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let isRoutable = number % 2 == 0
                    do {
                        let address = HubAddress.queue(isRoutable ? "q" : "none")
                        try await connection.publish(HubMessage(body: [1]), to: address, mandatory: true)
                        #expect(isRoutable)
                    } catch HubError.returned {
                        #expect(!isRoutable)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(hub.snapshot().queue("q")?.readyCount == 500)
    }

    @Test func shutdownEndsConnections() async throws {
        let connection = try await connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        let left = await hub.shutdown()
        #expect(left.queue("q") != nil && left.connections.count == 1)
        var last: HubConnectionEvent?
        for await event in connection.events { last = event }
        let reason = "320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"
        #expect(last == .closed(.closed(reason)))
        await #expect(throws: HubError.self) { _ = try await connect() }
    }

    /// Between the end of a block and the release of what it held, a publish must wait its turn like the others.
    @Test func nothingOvertakesWhatIsHeld() async throws {
        let connection = InProcessConnection(hub: hub.hub)
        try connection.open(ConnectionProfile())
        let id = try #require(connection.id)
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        _ = connection.take([.pauseReading(id)])
        let cancelled = Task { try await connection.publish(HubMessage(body: [0]), to: .queue("q"), mandatory: true) }
        while connection.heldCount < 1 { await Task.yield() }
        let first = Task { try await connection.publish(HubMessage(body: [1]), to: .queue("none"), mandatory: true) }
        while connection.heldCount < 2 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: HubError.cancelled) { try await cancelled.value }
        #expect(connection.heldCount == 1, "nobody waits for it any more")
        _ = connection.take([.resumeReading(id)])
        let second = Task { try await connection.publish(HubMessage(body: [2]), to: .queue("q"), mandatory: true) }
        let third = Task { try await connection.publish(HubMessage(body: [2]), to: .queue("q"), mandatory: true) }
        while connection.heldCount < 3 { await Task.yield() }
        connection.wake()
        await #expect(throws: HubError.returned(code: 312, text: "NO_ROUTE")) { try await first.value }
        try await second.value
        try await third.value
        #expect(connection.heldCount == 0)
        #expect(hub.snapshot().queue("q")?.readyCount == 2)
    }

    @Test func whatWaitsHasAnEnd() async throws {
        var configuration = HubConfiguration()
        configuration.limits.inProcessPublishesMax = 2
        let hub = HubSim.withoutSocket(configuration)
        let connection = InProcessConnection(hub: hub.hub)
        try connection.open(ConnectionProfile())
        let id = try #require(connection.id)
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        _ = connection.take([.pauseReading(id)])
        let waiting = (1...2).map { _ in
            Task { try await connection.publish(HubMessage(body: []), to: .queue("q"), mandatory: true) }
        }
        while connection.heldCount < 2 { await Task.yield() }
        await #expect(throws: HubError.overloaded("2 publishes wait for the hub")) {
            try await connection.publish(HubMessage(body: []), to: .queue("q"), mandatory: true)
        }
        _ = connection.take([.resumeReading(id)])
        connection.wake()
        for task in waiting { try await task.value }
        #expect(hub.snapshot().queue("q")?.readyCount == 2)
    }
}
