import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("Server", .timeLimit(.minutes(5)))
struct ServerTests {
    /// A client that has got all that it was sent, and does not answer, holds up no end: it would be waited for an hour.
    @Test func itsEndDoesNotWaitForWhoSaysNothing() async throws {
        var configuration = HubConfiguration()
        configuration.limits.closeMs = 3_600_000
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient.withChannel(port: hub.port)
        await hub.shutdown()
        guard case .frame(.method(0, .connectionClose)) = try await client.next() else {
            Issue.record("it was not told")
            return
        }
        #expect(try await client.next() == .end)
    }

    @Test func aRequestAndItsReply() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        #expect(try await client.ask(.confirmSelect(ConfirmSelect())) == "1 method confirm.select-ok")
        #expect(
            try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
                == #"1 method queue.declare-ok queue="q" message-count=0 consumer-count=0"#
        )
        try await client.publish(
            "hello",
            "q",
            mandatory: true,
            BasicProperties(contentType: "text/plain", replyTo: "r")
        )
        #expect("\(try await client.next())" == "1 method basic.ack delivery-tag=1")
        #expect(
            try await client.ask(.basicConsume(BasicConsume(queue: "q", consumerTag: "t")))
                == #"1 method basic.consume-ok consumer-tag="t""#
        )
        #expect(
            "\(try await client.next())"
                == #"1 method basic.deliver consumer-tag="t" delivery-tag=1 exchange="" routing-key="q""#
        )
        #expect(
            "\(try await client.next())" == #"1 header basic body-size=5 content-type="text/plain" reply-to="r""#
        )
        #expect(try await client.next() == .frame(.body(channel: 1, Array("hello".utf8))))
        try await client.send(.basicAck(BasicAck(deliveryTag: 1)), channel: 1)
        #expect(await hub.waitUntil(.acknowledged(from: "q", atLeast: 1)))
        await hub.shutdown()
    }

    @Test(.keeps(.frames, "a body is cut to frames of the size that was agreed")) func aLargeMessageIsCutToFrames()
        async throws
    {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.loggedIn(
            port: hub.port,
            tune: ConnectionTuneOk(channelMax: 10, frameMax: 4096, heartbeat: 0)
        )
        try await client.send(.channelOpen, channel: 1)
        _ = try await client.next()
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        let inProcess = try await hub.inProcess().connect()
        let body = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        try await inProcess.publish(HubMessage(body: body), to: .queue("q"), mandatory: true)
        try await client.send(.basicGet(BasicGet(queue: "q", noAck: true)), channel: 1)
        _ = try await client.next()
        _ = try await client.next()
        var received: [UInt8] = []
        var sizes: [Int] = []
        while received.count < body.count, case .frame(.body(1, let piece)) = try await client.next() {
            received += piece
            sizes.append(piece.count)
        }
        #expect(received == body)
        #expect(sizes == [4088, 4088, 1824])
        await hub.shutdown()
    }

    @Test func channelsCloseAndOpenAgain() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        #expect(
            try await client.ask(.queueDeclare(QueueDeclare(queue: "q", passive: true)))
                == "1 method channel.close reply-code=404 reply-text=\"NOT_FOUND - no queue 'q' in vhost '/'\" class-id=50 method-id=10"
        )
        try await client.send(.channelCloseOk, channel: 1)
        #expect(try await client.ask(.channelOpen) == "1 method channel.open-ok")
        #expect(
            try await client.ask(.channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)))
                == "1 method channel.close-ok"
        )
        await hub.shutdown()
    }

    @Test(.keeps(.time, "the hub sends heartbeats")) func heartbeatsGoBothWays() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient.loggedIn(
            port: hub.port,
            tune: ConnectionTuneOk(channelMax: 10, frameMax: 8192, heartbeat: 10)
        )
        for _ in 0..<4 {
            try await client.send(.heartbeat)
            // The hub answers what it has read, so the heartbeat before it has been heard.
            try await client.send(.connectionUpdateSecret(ConnectionUpdateSecret(newSecret: [], reason: "")))
            #expect("\(try await client.next())" == "0 method connection.update-secret-ok")
            await clock.advance(by: .seconds(5))
            #expect(try await client.next() == .frame(.heartbeat))
        }
        #expect(hub.snapshot().connections.count == 1)
        for _ in 0..<4 { await clock.advance(by: .seconds(5)) }
        var last = try await client.next()
        while last == .frame(.heartbeat) { last = try await client.next() }
        #expect(last == .end, "silent for two intervals")
        #expect(await hub.waitUntil(.connections(0)))
        await hub.shutdown()
    }

    @Test func aSlowReaderHoldsUpNobodyAndBoundsMemory() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.outboundBytesHigh = 64 << 10
        let hub = try await HubSim.start(configuration)
        let slow = try await RawClient.withChannel(port: hub.port)
        _ = try await slow.ask(.queueDeclare(QueueDeclare(queue: "q")))
        let publisher = try await hub.inProcess().connect()
        let message = HubMessage(body: Array(repeating: 1, count: 16 << 10))
        for _ in 0..<2000 { try await publisher.publish(message, to: .queue("q"), mandatory: true) }
        // 32 MiB wait. The consumer takes what sockets hold, and what it does not read stays in the queue.
        try await slow.send(.basicConsume(BasicConsume(queue: "q", noAck: true)), channel: 1)
        for _ in 0..<100 { try await publisher.publish(message, to: .queue("q"), mandatory: true) }
        var count = 0
        _ = try await slow.next()
        while count < 2100 {
            guard case .frame(.body) = try await slow.next() else { continue }
            count += 1
        }
        #expect(await hub.waitUntil(.empty("q")))
        await hub.shutdown()
    }

    @Test(.keeps(.connections, "a hub that ends closes its clients with 320"))
    func shutdownTellsClientsAndReportsWhatIsLeft() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        try await client.publish("1", "q")
        try await client.publish("2", "q")
        _ = try await client.ask(.basicGet(BasicGet(queue: "q")))
        async let left = hub.shutdown()
        var event = try await client.next()
        while case .frame(.header) = event { event = try await client.next() }
        while case .frame(.body) = event { event = try await client.next() }
        #expect(
            "\(event)"
                == "0 method connection.close reply-code=320 reply-text=\"CONNECTION_FORCED - broker forced connection"
                + " closure with reason 'shutdown'\" class-id=0 method-id=0"
        )
        try await client.send(.connectionCloseOk)
        #expect(try await client.hearsTheEnd())
        await client.close()
        let report = await left
        #expect(report.queue("q")?.readyCount == 1)
        #expect(report.queue("q")?.unackedCount == 1)
        #expect(report.connections.first?.channels.first?.unackedCount == 1)
        await #expect(throws: (any Error).self) { try await RawClient(port: hub.port) }
    }

    @Test func aConnectionTooManyIsClosed() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.connectionsMax = 1
        let hub = try await HubSim.start(configuration)
        let first = try await RawClient.loggedIn(port: hub.port)
        let second = try await RawClient(port: hub.port)
        #expect(try await second.hearsTheEnd())
        await first.close()
        await hub.shutdown()
    }

    @Test func theURLIsSafe() async throws {
        var configuration = HubConfiguration.forTests
        configuration.users = [HubUser(name: "a b", password: "p/w:@")]
        configuration.virtualHosts = ["my/host"]
        let hub = try await HubSim.start(configuration)
        #expect(hub.url == "amqp://a%20b:p%2Fw%3A%40@127.0.0.1:\(hub.port)/my%2Fhost")
        await hub.shutdown()
    }

    /// A message may have more headers than a consumer's frames have room for: they come all the same, in one frame.
    @Test func aHeaderThatDoesNotFitAConsumersFramesGoesOutWhole() async throws {
        let hub = try await HubSim.start(.forTests)
        let publisher = try await RawClient.withChannel(port: hub.port)
        let consumer = try await RawClient.loggedIn(
            port: hub.port,
            tune: ConnectionTuneOk(channelMax: 10, frameMax: 4096, heartbeat: 0)
        )
        try await consumer.send(.channelOpen, channel: 1)
        _ = try await consumer.next()
        _ = try await consumer.ask(.queueDeclare(QueueDeclare(queue: "q")))
        _ = try await consumer.ask(.basicConsume(BasicConsume(queue: "q", consumerTag: "t")))
        let properties = BasicProperties(headers: ["h": .string(String(repeating: "x", count: 10_000))])
        let body = String(repeating: "m", count: 5000)
        try await publisher.publish(body, "q", properties)
        guard case .frame(.method(1, .basicDeliver)) = try await consumer.next() else {
            Issue.record("no delivery")
            return
        }
        #expect(
            try await consumer.next()
                == .frame(.header(channel: 1, ContentHeader(bodySize: 5000, properties: properties)))
        )
        // Bodies keep to frame-max.
        #expect(try await consumer.next() == .frame(.body(channel: 1, Array(body.utf8.prefix(4088)))))
        #expect(try await consumer.next() == .frame(.body(channel: 1, Array(body.utf8.dropFirst(4088)))))
        _ = try await consumer.ask(.basicQos(BasicQos(prefetchCount: 1)))
        await hub.shutdown()
    }

    @Test func oneMessageMayBeLargerThanWhatMayWait() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.outboundBytesMax = 64 << 10
        let hub = try await HubSim.start(configuration)
        let slow = try await RawClient.withChannel(port: hub.port)
        _ = try await slow.ask(.queueDeclare(QueueDeclare(queue: "q")))
        let publisher = try await hub.inProcess().connect()
        // More than sockets hold on both sides.
        let size = 24 << 20
        try await publisher.publish(
            HubMessage(body: Array(repeating: 1, count: size)),
            to: .queue("q"),
            mandatory: true
        )
        try await slow.send(.basicGet(BasicGet(queue: "q", noAck: true)), channel: 1)
        var received = 0
        reading: while received < size {
            switch try await slow.next() {
            case .frame(.body(_, let piece)): received += piece.count
            case .frame: continue
            case .protocolHeader, .end: break reading
            }
        }
        #expect(received == size)
        await hub.shutdown()
    }
}
