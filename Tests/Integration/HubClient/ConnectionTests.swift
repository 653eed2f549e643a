import MessageHub
import RabbitMQ
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test(arguments: HubUnderTest.overSocket)
    func `a wrong password is refused and shows up nowhere`(on hub: HubUnderTest) async throws {
        var endpoint = try await hub.rabbitMQ().url.endpoints[0]
        endpoint.password = "s3cret-and-wrong"
        let hub = RabbitMQHub(HubURL(endpoint), .patient("tests"))
        let error = await errorOf { _ = try await hub.connect() }
        #expect(error?.code == 403)
        #expect(!"\(hub.name) \(String(describing: error)) \(hub)".contains("s3cret"))
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a vhost that is not there is refused`(on hub: HubUnderTest) async throws {
        var endpoint = try await hub.rabbitMQ().url.endpoints[0]
        endpoint.vhost = uniqueName("vhost")
        let hub = RabbitMQHub(HubURL(endpoint), .patient("tests"))
        #expect(await errorOf { _ = try await hub.connect() }?.code == 530)
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `the second URL is taken where nobody answers at the first`(on hub: HubUnderTest) async throws {
        // Port 1 (tcpmux) is open on no machine that runs tests.
        let text = try await "amqp://127.0.0.1:1," + hub.url()
        let hub = RabbitMQHub(try HubURL(text), .patient("tests"))
        try await withConnection(hub) { connection in
            let queue = try await freshQueue(connection)
            #expect(queue != "")
        }
    }

    @Test func `nobody there is unreachable`() async throws {
        let hub = RabbitMQHub(try HubURL("amqp://u:secret@127.0.0.1:1"), .patient("tests"))
        let error = await errorOf { _ = try await hub.connect() }
        guard case .unreachable(let why) = error else {
            Issue.record("expected unreachable, not \(String(describing: error))")
            return
        }
        #expect(why.contains("127.0.0.1:1") && !why.contains("secret"))
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `after close every call throws closed and the events end`(on hub: HubUnderTest) async throws {
        let connection = try await hub.client().connect()
        let queue = try await freshQueue(connection)
        let subscription = try await connection.consume(queue: queue, prefetch: 1)
        await connection.close()
        await connection.close()
        let declared = await errorOf { _ = try await connection.declareQueue(.exclusive) }
        #expect(declared?.isClosed == true)
        let published = await errorOf {
            try await connection.publish(HubMessage(body: []), to: .queue(queue), mandatory: true)
        }
        #expect(published?.isClosed == true)
        for await _ in subscription { Issue.record("a delivery after close") }
        var events: [HubConnectionEvent] = []
        for await event in connection.events { events.append(event) }
        #expect(events == [.closed(.closed("closed by this side"))])
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `what is under way when the connection closes throws closed`(on hub: HubUnderTest) async throws {
        let connection = try await hub.client().connect()
        let queue = try await freshQueue(connection)
        await withTaskGroup { group in
            for _ in 0..<500 {
                group.addImmediateTask {
                    let error = await errorOf {
                        try await connection.publish(HubMessage(body: [1]), to: .queue(queue), mandatory: true)
                    }
                    // Confirmed in time or told that the connection closed; nothing hangs, nothing else is thrown.
                    #expect(error == nil || error?.isClosed == true)
                }
            }
            group.addImmediateTask { await connection.close() }
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a connection that is dropped closes itself`(on hub: HubUnderTest) async throws {
        let hub = try await hub.rabbitMQ()
        var connection: (any HubConnection)? = try await hub.connect()
        let queue = try await freshQueue(#require(connection))
        let subscription = try await #require(connection).consume(queue: queue, prefetch: 1)
        connection = nil
        for await _ in subscription { Issue.record("a delivery on a dropped connection") }
        // Its exclusive queue went with it.
        try await withConnection(hub) { other in
            let passive = QueueDeclaration(name: queue, isPassive: true)
            var code: Int?
            repeat {
                code = await errorOf { _ = try await other.declareQueue(passive) }?.code
            } while code == 405
            #expect(code == 404)
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a cancelled task stops waiting`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let task = Task {
                await errorOf {
                    try await connection.publish(HubMessage(body: []), to: .queue(queue), mandatory: true)
                }
            }
            task.cancel()
            let error = await task.value
            #expect(error == nil || error == .cancelled)

            let hub = try await hub.rabbitMQ()
            let connecting = Task { await errorOf { _ = try await hub.connect() } }
            connecting.cancel()
            let outcome = await connecting.value
            #expect(outcome == nil || outcome == .cancelled)
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `past the limit of messages under way publishing throws overloaded`(on hub: HubUnderTest) async throws {
        let hub = try await hub.rabbitMQ { $0.limits.publishesInFlightMax = 5 }
        try await withConnection(hub) { connection in
            let queue = try await freshQueue(connection)
            let errors = await withTaskGroup(of: HubError?.self, returning: [HubError].self) { group in
                for _ in 0..<200 {
                    group.addImmediateTask {
                        await errorOf {
                            try await connection.publish(HubMessage(body: [1]), to: .queue(queue), mandatory: true)
                        }
                    }
                }
                return await group.reduce(into: []) { errors, error in if let error { errors.append(error) } }
            }
            #expect(!errors.isEmpty)
            for error in errors {
                guard case .overloaded = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
            try await connection.publish(HubMessage(body: [1]), to: .queue(queue), mandatory: true)
        }
    }
}
