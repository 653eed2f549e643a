import AMQP
import MessageHub
import Testing

@testable import HubSim

@Suite("A look inside", .timeLimit(.minutes(5)))
struct LookTests {
    @Test func whereAKeyLeads() async throws {
        let hub = HubSim.withoutSocket()
        let connection = try await hub.inProcess().connect()
        try await connection.declareExchange(ExchangeDeclaration(name: "x", kind: .topic, isDurable: true))
        for (queue, key) in [("a", "discovery.*"), ("b", "#.query"), ("c", "discovery.query"), ("d", "discovery")] {
            _ = try await connection.declareQueue(.durable(queue))
            try await connection.bind(queue: queue, exchange: "x", routingKey: key)
        }
        #expect(hub.queues(for: "discovery.query", from: "x").map(\.name) == ["a", "b", "c"])
        #expect(hub.queues(for: "discovery", from: "x").map(\.name) == ["d"])
        #expect(hub.queues(for: "d", from: "nowhere").isEmpty)
        await connection.close()
        await hub.shutdown()
    }

    /// Two publishes and two gets come in one read: by its end the queue is as empty as before.
    @Test func whatHoldsInTheMiddleOfAReadIsNotMissed() async throws {
        try await HubSim.withHub(.forTests) { hub in
            let client = try await RawClient.loggedIn(port: hub.port)
            try await client.send(.channelOpen, channel: 1)
            _ = try await client.next()
            _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
            let conditions: [HubCondition] = [
                .ready(in: "q", atLeast: 2), .queue("passing"), .published(to: "q", atLeast: 2),
            ]
            let held = try await withThrowingTaskGroup(of: Bool.self) { group in
                for condition in conditions {
                    group.addTask {
                        try await hub.expect(condition, within: .seconds(20))
                        return true
                    }
                }
                while hub.hub.state.withLock({ $0.waiters.count }) < conditions.count { await Task.yield() }
                let id = try #require(hub.snapshot().connections.first.map { ConnectionID(rawValue: $0.id) })
                let message = Message(exchange: "", routingKey: "q", properties: BasicProperties(), body: [1])
                let publish = Command.publish(id, channel: 1, message, mandatory: false, immediate: false)
                let get = Command.method(id, channel: 1, .basicGet(BasicGet(queue: "q", noAck: true)))
                hub.hub.apply([
                    publish, publish, get, get,
                    .method(id, channel: 1, .queueDeclare(QueueDeclare(queue: "passing"))),
                    .method(id, channel: 1, .queueDelete(QueueDelete(queue: "passing"))),
                ])
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(held == [true, true, true])
            #expect(hub.snapshot().queue("q")?.readyCount == 0 && hub.snapshot().queue("passing") == nil)
        }
    }

    @Test func aSnapshotTellsWhoHoldsWhat() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        let hub = try await HubSim.start(configuration)
        await clock.advance(by: .seconds(3))
        let tune = ConnectionTuneOk(channelMax: 100, frameMax: 8192, heartbeat: 30)
        let client = try await RawClient.loggedIn(
            port: hub.port,
            tune: tune,
            properties: ["connection_name": "reader", "product": "test"]
        )
        try await client.send(.channelOpen, channel: 1)
        _ = try await client.next()
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q", arguments: ["x-max-priority": .int32(5)])))
        _ = try await client.ask(.queueBind(QueueBind(queue: "q", exchange: "amq.topic", routingKey: "a.#")))
        _ = try await client.ask(.basicQos(BasicQos(prefetchCount: 1)))
        let consume = BasicConsume(
            queue: "q",
            consumerTag: "tag",
            exclusive: true,
            arguments: ["x-priority": .int32(7)]
        )
        _ = try await client.ask(.basicConsume(consume))
        for number in UInt8(1)...3 {
            try hub.publish(
                HubMessage(body: [number], messageID: "m\(number)", expirationMs: number == 3 ? 60_000 : nil),
                to: HubAddress(exchange: "amq.topic", routingKey: "a.b")
            )
        }
        #expect(await hub.waitUntil(.unacknowledged(from: "q", atLeast: 1)))
        let seen = hub.snapshot()
        let connection = try #require(seen.connections.first)
        #expect(connection.name == "reader" && connection.user == "guest" && connection.vhost == "/")
        #expect(connection.protocolName == "AMQP 0-9-1" && !connection.isTLS && connection.state == .running)
        #expect(connection.peer?.hasSuffix("127.0.0.1:\(hub.port)") == true)
        #expect(connection.clientProperties["product"]?.string == "test")
        #expect(connection.heartbeatSeconds == 30 && connection.frameBytesMax == 8192 && connection.channelMax == 100)
        #expect(connection.connectedAt == .seconds(3) && seen.time == .seconds(3))
        #expect(connection.receivedBytes > 100 && connection.sentBytes > 100)
        #expect(connection.channels.map(\.prefetchOfConsumersMax) == [1])
        let queue = try #require(seen.queue("q"))
        #expect(queue.readyCount == 2 && queue.unackedCount == 1 && queue.arguments["x-max-priority"] != nil)
        let consumer = try #require(queue.consumers.first)
        #expect(consumer.tag == "tag" && consumer.channel == 1 && consumer.connectionName == "reader")
        #expect(consumer.isExclusive && !consumer.isNoAck && consumer.priority == 7 && consumer.prefetchMax == 1)
        let unacked = try #require(seen.unacked.first)
        #expect(seen.unacked.count == 1 && unacked.messageID == "m1" && unacked.routingKey == "a.b")
        #expect(unacked.queue == "q" && unacked.channel == 1 && unacked.deliveryTag == 1 && !unacked.isRedelivered)
        #expect(seen.bindings.contains { $0.source == "amq.topic" && $0.destination == "q" && $0.routingKey == "a.#" })
        let waiting = hub.peek("q")
        #expect(waiting.map(\.position) == [0, 1] && waiting.map(\.message.messageID) == ["m2", "m3"])
        #expect(waiting.map(\.expiresAt) == [nil, .seconds(63)])
        try await client.send(.basicAck(BasicAck(deliveryTag: 1)), channel: 1)
        #expect(await hub.waitUntil(.acknowledged(from: "q", atLeast: 1)))
        await clock.advance(by: .seconds(2))
        let rates = try #require(hub.snapshot().rates(since: seen))
        #expect(rates.acknowledged == 0.5)
        #expect(seen.rates(since: seen) == nil)
        await client.close()
        await hub.shutdown()
    }

    @Test func conditionsOfEveryKindCanBeExpected() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.loggedIn(port: hub.port, properties: ["connection_name": "one"])
        try await client.send(.channelOpen, channel: 1)
        try await hub.expect(.connection(named: "one"))
        try await client.send(.queueDeclare(QueueDeclare(queue: "q")), channel: 1)
        try await client.send(.basicConsume(BasicConsume(queue: "q", consumerTag: "t", noAck: true)), channel: 1)
        try await hub.expect(.consumer("t", on: "q"))
        try await client.publish("lost", "none", mandatory: true)
        try await hub.expect(.returned(atLeast: 1))
        try await client.send(.queueDeclare(QueueDeclare(queue: "other", passive: true)), channel: 1)
        try await hub.expect(.channelClosed(code: 404))
        try await client.send(.channelOpen, channel: 0)
        try await hub.expect(.connectionClosed(code: 504))
        await client.close()
        try await hub.expect(.connections(0))
        await hub.shutdown()
    }

    @Test func whatHasNotComeAboutIsToldWithHowTheHubStands() async throws {
        let hub = HubSim.withoutSocket(.forTests)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.bind(queue: "q", exchange: "amq.topic", routingKey: "k")
        try hub.publish(HubMessage(body: [], messageID: "m"), to: .queue("q"))
        let deliveries = try await connection.consume(queue: "q", prefetch: 1)
        #expect(await deliveries.first { _ in true } != nil)
        let cases: [(HubCondition, [String])] = [
            (
                .acknowledged(from: "q", atLeast: 3),
                [
                    "not within 0.001 seconds: 3 acknowledged from queue 'q' in vhost '/'",
                    "0 ready, 1 unacknowledged, 1 consumers", "bound to exchange 'amq.topic' by 'k'",
                    "unacknowledged from queue 'q': message 'm', key 'q', held by connection 'in-process'",
                ]
            ),
            (.ready(in: "w", atLeast: 1), ["there is no queue 'w' in vhost '/'; queues there: 'q'"]),
            (.exchange("x"), ["exchanges: 'amq."]),
            (.connection(named: "x"), ["connection 'in-process' of 'guest' in vhost '/': running, 1 channels"]),
            (.channelClosed(code: 404), ["channels closed: none"]),
            (.snapshot { _ in false }, ["queue 'q'", "connection 'in-process'", "so far 1 published"]),
        ]
        for (condition, parts) in cases {
            let error = await #expect(throws: HubExpectationError.self) {
                try await hub.expect(condition, within: .milliseconds(1))
            }
            let text = error?.description ?? ""
            for part in parts { #expect(text.contains(part), "\(text)") }
        }
        async let ended: Void = hub.expect(.queue("never"), within: .seconds(60))
        await hub.shutdown()
        do {
            try await ended
            Issue.record("there is no such queue")
        } catch {
            #expect((error as? HubExpectationError)?.reason == .ended)
        }
    }

    @Test func whatIsPublishedFromBehindIsTakenAsFromAClient() async throws {
        var configuration = HubConfiguration.forTests
        configuration.limits.messageBytesMax = 8
        let hub = HubSim.withoutSocket(configuration)
        let connection = try await hub.inProcess().connect()
        for name in ["a", "b", "c"] { _ = try await connection.declareQueue(QueueDeclaration(name: name)) }
        let copied: FieldTable = ["CC": .array([.string("b")]), "BCC": .array([.string("c")])]
        func insert(_ properties: BasicProperties, _ body: [UInt8] = []) throws(ProtocolError) -> Int {
            try hub.insert(Message(exchange: "", routingKey: "a", properties: properties, body: body), vhost: "/")
        }
        #expect(try insert(BasicProperties(headers: copied)) == 3)
        #expect(hub.messages(in: "c").map(\.headers) == [[:]])
        let refused: [(BasicProperties, [UInt8], String)] = [
            (BasicProperties(headers: ["CC": "b"]), [], "unacceptable_type_in_header"),
            (BasicProperties(replyTo: "amq.rabbitmq.reply-to"), [], "fast reply consumer does not exist"),
            (BasicProperties(expiration: "soon"), [], "expiration"),
            (BasicProperties(deliveryMode: 7), [], "delivery_mode_unknown"),
            (BasicProperties(), [0, 1, 2, 3, 4, 5, 6, 7, 8], "larger than configured max size 8"),
        ]
        for (properties, body, text) in refused {
            let error = #expect(throws: ProtocolError.self) { try insert(properties, body) }
            #expect(error?.description.contains(text) == true, "\(error as Any)")
        }
        #expect(hub.snapshot().queues.map(\.readyCount) == [1, 1, 1])
        await hub.shutdown()
    }

    @Test func aConditionOfOnesOwnMayLookIntoTheHub() async throws {
        let hub = HubSim.withoutSocket(.forTests)
        let connection = try await hub.inProcess().connect()
        async let seen: Void = hub.expect(.snapshot { _ in !hub.snapshot().queues.isEmpty })
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await seen
        await hub.shutdown()
    }

    @Test func leftoversAreNothingOrOneLineEach() async throws {
        let tidy = HubSim.withoutSocket(.forTests)
        #expect(await tidy.shutdown().leftovers.isEmpty)
        let hub = HubSim.withoutSocket(.forTests)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(.durable("q"))
        let mailbox = try await connection.declareQueue(.exclusive).name
        try hub.publish(HubMessage(body: []), to: .queue("q"))
        try hub.publish(HubMessage(body: [], correlationID: "1"), to: .queue(mailbox))
        let left = await hub.shutdown().leftovers
        #expect(left.unread == [Leftovers.Unread(vhost: "/", queue: "q", count: 1)])
        #expect(left.replies.map(\.count) == [1] && left.unacked.isEmpty && left.open.count == 1)
        #expect(!left.isEmpty && left.lines.count == 3)
    }
}
