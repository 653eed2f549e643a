import MessageHub
import Testing

/// What a hub refuses. `HubConnection` leaves open whether a refusal ends the connection; librabbitmq's keeps it, which is
/// tested over sockets only.
@Suite(.timeLimit(.minutes(5)))
struct RefusalTests {
    @Test(arguments: HubUnderTest.all)
    func `a mandatory message that no queue takes is returned, and only that one`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let errors = await withTaskGroup(of: (Int, HubError?).self, returning: [Int: HubError].self) { group in
                for number in 0..<300 {
                    let address = HubAddress.queue(number % 3 == 0 ? "no-such-\(number)" : queue)
                    group.addImmediateTask {
                        let message = HubMessage(body: [], messageID: String(number))
                        return (
                            number,
                            await errorOf {
                                try await connection.publish(message, to: address, mandatory: true)
                            }
                        )
                    }
                }
                return await group.reduce(into: [:]) { errors, next in errors[next.0] = next.1 }
            }
            #expect(errors.keys.sorted() == Array(stride(from: 0, to: 300, by: 3)))
            #expect(errors.values.allSatisfy { $0.code == 312 })
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `without mandatory an unroutable message is confirmed`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            try await connection.publish(HubMessage(body: []), to: .queue("no-such"), mandatory: false)
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a refused declaration throws the code and leaves the connection`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let absent = QueueDeclaration(name: uniqueName("absent"), isPassive: true)
            let missing = await errorOf { _ = try await connection.declareQueue(absent) }
            #expect(missing?.code == 404)

            let name = uniqueName("exchange")
            try await connection.declareExchange(ExchangeDeclaration(name: name, kind: .topic, isDurable: false))
            let other = ExchangeDeclaration(name: name, kind: .fanout, isDurable: false)
            #expect(
                await errorOf { try await connection.declareExchange(other) }?.code == 406
            )

            let notBound = await errorOf {
                try await connection.bind(queue: absent.name, exchange: name, routingKey: "#")
            }
            #expect(notBound?.code == 404)
            let queue = try await freshQueue(connection)
            #expect(queue != "")
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `declarations made at once are carried out around a refused one`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let absent = QueueDeclaration(name: uniqueName("absent"), isPassive: true)
            let codes = await withTaskGroup(of: Int?.self, returning: [Int].self) { group in
                for number in 0..<9 {
                    let queue = number % 3 == 1 ? absent : QueueDeclaration.exclusive
                    group.addImmediateTask {
                        await errorOf { _ = try await connection.declareQueue(queue) }?.code
                    }
                }
                return await group.reduce(into: []) { codes, code in if let code { codes.append(code) } }
            }
            #expect(codes == [404, 404, 404])
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a refused consumer leaves the connection and the other consumers`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let subscription = try await connection.consume(queue: queue, prefetch: 1)
            let refused = await errorOf {
                _ = try await connection.consume(queue: "no-such", prefetch: 1)
            }
            #expect(refused?.code == 404)
            try await connection.publish(HubMessage(body: [9]), to: .queue(queue), mandatory: true)
            var deliveries = subscription.makeAsyncIterator()
            #expect(await deliveries.next()?.message.body == [9])
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `another connection's exclusive queue is locked`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { owner in
            let queue = try await freshQueue(owner)
            try await withConnection(hub.client()) { stranger in
                let refused = await errorOf {
                    _ = try await stranger.consume(queue: queue, prefetch: 1)
                }
                #expect(refused?.code == 405)
            }
        }
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `a message to an exchange that is not there is refused and ends the connection`(
        on hub: HubUnderTest
    ) async throws {
        let connection = try await hub.client().connect()
        let address = HubAddress(exchange: uniqueName("absent"), routingKey: "k")
        let refused = await errorOf {
            try await connection.publish(HubMessage(body: []), to: address, mandatory: true)
        }
        #expect(refused?.code == 404)
        var last: HubConnectionEvent?
        for await event in connection.events { last = event }
        guard case .closed(let reason) = last else {
            Issue.record("the connection did not end: \(String(describing: last))")
            return
        }
        #expect(reason.isClosed && reason.description.contains("404"))
    }

    @Test(arguments: HubUnderTest.overSocket)
    func `calls that make no sense never reach the hub`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let long = String(repeating: "x", count: 256)
            // Larger than any frame that was agreed on.
            let huge = HubMessage(body: [], headers: ["h": .string(String(repeating: "x", count: 200_000))])
            let errors = [
                await errorOf { _ = try await connection.declareQueue(.durable(long)) },
                await errorOf { _ = try await connection.declareQueue(.durable("a\0b")) },
                await errorOf { _ = try await connection.consume(queue: "q", prefetch: 0) },
                await errorOf { _ = try await connection.consume(queue: "q", prefetch: 65_536) },
                await errorOf {
                    try await connection.publish(HubMessage(body: []), to: .queue(long), mandatory: false)
                },
                await errorOf {
                    let message = HubMessage(body: [], correlationID: long)
                    try await connection.publish(message, to: .queue("q"), mandatory: false)
                },
                await errorOf { try await connection.publish(huge, to: .queue("q"), mandatory: false) },
            ]
            for error in errors {
                guard case .invalid = error else {
                    Issue.record("a call that makes no sense was not refused: \(String(describing: error))")
                    continue
                }
            }
            let queue = try await freshQueue(connection)
            #expect(queue != "")
        }
    }
}
