import MessageHub
import Testing

@testable import RabbitMQ

/// RabbitMQHub against a peer that says what the test wants: consumers, and how connections end.
@Suite(.timeLimit(.minutes(5)))
struct EndingTests {
    private func last(_ connection: any HubConnection) async -> HubConnectionEvent? {
        var last: HubConnectionEvent?
        for await event in connection.events { last = event }
        return last
    }

    @Test func `the hub's close carries code and text to everybody, and is answered`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.expectPublish()
            let why = Wired.u16(320) + Wired.short("CONNECTION_FORCED - restart")
            try socket.sendMethod(0, 10, 50, why + Wired.u16(0) + Wired.u16(0))
            try socket.expect("10.51", channel: 0)
        }
        let connection = try await peer.hub().connect()
        let published = await errorOf {
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
        }
        let closed = HubError.closed("320 CONNECTION_FORCED - restart")
        #expect(published == closed)
        #expect(await last(connection) == .closed(closed))
        #expect(await errorOf { try await connection.acknowledge(.none) } == closed)
        await connection.close()
        try await peer.played()
    }

    @Test func `a call that ends the connection is told the code`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.expect("40.10", channel: 2)
            let why = Wired.u16(503) + Wired.short("COMMAND_INVALID - unknown exchange type")
            try socket.sendMethod(0, 10, 50, why + Wired.u16(40) + Wired.u16(10))
            try socket.expect("10.51", channel: 0)
        }
        let connection = try await peer.hub().connect()
        let exchange = ExchangeDeclaration(name: "e", kind: .headers, isDurable: false)
        let refused = HubError.refused(code: 503, text: "COMMAND_INVALID - unknown exchange type")
        #expect(await errorOf { try await connection.declareExchange(exchange) } == refused)
        try await peer.played()
    }

    @Test func `a hub that hangs up ends everything that waits`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            try socket.finishConsumer()
            try socket.expectPublish()
        }
        let connection = try await peer.hub().connect()
        let subscription = try await connection.consume(queue: "q", prefetch: 1)
        let error = await errorOf {
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
        }
        #expect(error == .closed("the hub ended the connection without a word"))
        for await _ in subscription { Issue.record("a delivery out of nowhere") }
    }

    @Test func `basic.cancel ends the subscription and nothing else`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            try socket.finishConsumer()
            try socket.deliver(3, tag: 1, body: [7])
            try socket.sendMethod(3, 60, 30, Wired.short("ctag") + [1])
            #expect(try socket.expect("60.80", channel: 3).payload.dropFirst(4).prefix(8).last == 1)
            try socket.declareQueue()
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        var deliveries: [HubDelivery] = []
        for await delivery in try await connection.consume(queue: "q", prefetch: 1) { deliveries.append(delivery) }
        #expect(deliveries.map(\.message.body) == [[7]])
        try await connection.acknowledge(deliveries[0])
        #expect(try await connection.declareQueue(.exclusive).name == "q")
        await connection.close()
        try await peer.played()
    }

    @Test func `a consumer's channel that the hub closes ends the connection with code and text`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            try socket.finishConsumer()
            let why = Wired.u16(406) + Wired.short("PRECONDITION_FAILED - unknown delivery tag 9")
            try socket.sendMethod(3, 20, 40, why + Wired.u16(60) + Wired.u16(80))
            try socket.expect("20.41", channel: 3)
        }
        let connection = try await peer.hub().connect()
        for await _ in try await connection.consume(queue: "q", prefetch: 1) {}
        let why = "the hub closed the channel of a consumer: 406 PRECONDITION_FAILED - unknown delivery tag 9"
        #expect(await last(connection) == .closed(.closed(why)))
        try await peer.played()
    }

    @Test func `a consumer that was cancelled before it started is taken back`() async throws {
        let isStarting = Observed(false)
        let isCancelled = Observed(false)
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            isStarting.update { $0 = true }
            isCancelled.wait(for: true)
            // Deliveries may be on their way before and after the client's close.
            try socket.deliver(3, tag: 1, body: [1])
            try socket.finishConsumer()
            try socket.deliver(3, tag: 2, body: [2])
            try socket.expect("20.40", channel: 3)
            try socket.deliver(3, tag: 3, body: [3])
            try socket.sendMethod(3, 20, 41)
            // Behind the close: by then the number is free again.
            try socket.sendMethod(0, 10, 60, Wired.short("go on"))
            try socket.startConsumer(3)
            try socket.finishConsumer(3)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        let task = Task.immediate { await errorOf { _ = try await connection.consume(queue: "q", prefetch: 1) } }
        try await isStarting.waitUntil { $0 }
        task.cancel()
        #expect(await task.value == .cancelled)
        isCancelled.update { $0 = true }
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "go on"))
        _ = try await connection.consume(queue: "q", prefetch: 1)
        await connection.close()
        try await peer.played()
    }

    @Test func `a body over the limit arrives empty`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            try socket.finishConsumer()
            try socket.deliver(3, tag: 1, body: [UInt8](repeating: 1, count: 101))
            try socket.deliver(3, tag: 2, body: [UInt8](repeating: 2, count: 100))
            try socket.acceptClose()
        }
        let connection = try await peer.hub { $0.limits.bodyBytesMax = 100 }.connect()
        var deliveries = try await connection.consume(queue: "q", prefetch: 2).makeAsyncIterator()
        #expect(await deliveries.next()?.message.body.count == 0)
        #expect(await deliveries.next()?.message.body.count == 100)
        await connection.close()
    }

    @Test func `a hub without any measure is left`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            try socket.finishConsumer()
            for tag in 1...19 as ClosedRange<UInt64> { try socket.deliver(3, tag: tag, body: []) }
            _ = try? socket.readFrame()
        }
        let connection = try await peer.hub().connect()
        _ = try await connection.consume(queue: "q", prefetch: 1)
        #expect(
            await last(connection) == .closed(.closed("the hub delivered far more than the prefetch count allows"))
        )
    }

    @Test func `a declaration without an answer ends the connection`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.expect("50.10", channel: 2)
            _ = try? socket.readFrame()
        }
        let connection = try await peer.hub { $0.callTimeoutMs = 100 }.connect()
        let error = await errorOf { _ = try await connection.declareQueue(.exclusive) }
        #expect(error == .timedOut("queue.declare"))
        #expect(await last(connection) == .closed(.closed("the hub did not answer queue.declare")))
    }

    @Test func `a consumer without an answer ends the connection`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.startConsumer()
            _ = try? socket.readFrame()
        }
        let connection = try await peer.hub { $0.callTimeoutMs = 100 }.connect()
        let error = await errorOf { _ = try await connection.consume(queue: "q", prefetch: 1) }
        #expect(error == .timedOut("basic.consume"))
    }

    @Test func `a close without an answer is over after its time`() async throws {
        let closed = Observed(false)
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.expect("10.50", channel: 0)
            closed.wait(for: true)
        }
        let connection = try await peer.hub { $0.closeTimeoutMs = 100 }.connect()
        await connection.close()
        closed.update { $0 = true }
        try await peer.played()
    }

    @Test func `signs of life go out while nothing else does`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept(heartbeatS: 3)
            for _ in 0..<2 {
                // AMQP 0-9-1 §4.2.7: frame type 8 on channel 0, empty.
                #expect(try socket.readFrame() == PeerFrame(type: 8, channel: 0, payload: []))
                try socket.sendFrame(8, 0, [])
            }
            try socket.sendMethod(0, 10, 60, Wired.short("seen"))
            try socket.acceptClose()
        }
        // The hub wants one every three seconds; the client offers less often, and the shorter time counts.
        let connection = try await peer.hub { $0.heartbeatS = 60 }.connect()
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "seen"))
        await connection.close()
        try await peer.played()
    }

    @Test func `a hub that falls silent is left after two intervals`() async throws {
        let left = Observed(false)
        let peer = try ScriptedPeer { socket in
            try socket.accept(heartbeatS: 1)
            left.wait(for: true)
        }
        let start = ContinuousClock.now
        let connection = try await peer.hub { $0.heartbeatS = 1 }.connect()
        #expect(await last(connection) == .closed(.closed("the hub gave no sign of life for 2000 ms")))
        #expect(start.duration(to: .now) >= .milliseconds(1990))
        left.update { $0 = true }
        try await peer.played()
    }

    struct Nonsense: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
    }

    @Test(arguments: [
        Nonsense(
            testDescription: "a confirm of nothing",
            bytes: [1, 0, 1, 0, 0, 0, 13, 0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0xCE]
        ),
        Nonsense(testDescription: "a body out of nowhere", bytes: [3, 0, 1, 0, 0, 0, 1, 7, 0xCE]),
        Nonsense(testDescription: "a channel that is not open", bytes: [1, 0, 77, 0, 0, 0, 4, 0, 50, 0, 21, 0xCE]),
        Nonsense(testDescription: "a reply to nothing", bytes: [1, 0, 2, 0, 0, 0, 4, 0, 50, 0, 21, 0xCE]),
        Nonsense(testDescription: "tx.select-ok", bytes: [1, 0, 1, 0, 0, 0, 4, 0, 90, 0, 11, 0xCE]),
        Nonsense(testDescription: "an unknown method", bytes: [1, 0, 1, 0, 0, 0, 4, 0, 99, 0, 99, 0xCE]),
        Nonsense(testDescription: "a wrong frame end", bytes: [1, 0, 2, 0, 0, 0, 4, 0, 50, 0, 21, 0xCD]),
        Nonsense(testDescription: "a frame that is too long", bytes: [1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0]),
        Nonsense(testDescription: "a method that is too short", bytes: [1, 0, 2, 0, 0, 0, 0, 0xCE]),
        Nonsense(testDescription: "arguments that are cut off", bytes: [1, 0, 2, 0, 0, 0, 5, 0, 50, 0, 11, 9, 0xCE]),
        Nonsense(testDescription: "close-ok unasked", bytes: [1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 51, 0xCE]),
    ])
    func `nonsense ends the connection and not the program`(nonsense: Nonsense) async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.send(nonsense.bytes)
            while true { _ = try socket.readFrame() }
        }
        let connection = try await peer.hub().connect()
        guard case .closed(.closed) = await last(connection) else {
            Issue.record("the connection did not end")
            return
        }
    }
}

extension HubDelivery {
    /// A delivery of no connection.
    fileprivate static let none = HubDelivery(
        message: HubMessage(body: []),
        exchange: "",
        routingKey: "",
        isRedelivered: false,
        deliveryTag: 1,
        channel: 3
    )
}
