import MessageHub
import Testing

@testable import RabbitMQ

/// RabbitMQHub against a peer that says what the test wants: messages that go out.
@Suite(.timeLimit(.minutes(5)))
struct PublishingTests {
    /// Publishes messages with these bodies, in this order, on their way when this returns.
    private func publish(
        _ bodies: [UInt8],
        on connection: any HubConnection,
        mandatory: Bool = false
    ) -> [Task<HubError?, Never>] {
        bodies.map { body in
            Task.immediate {
                await errorOf {
                    try await connection.publish(HubMessage(body: [body]), to: .queue("q"), mandatory: mandatory)
                }
            }
        }
    }

    private func outcomes(_ tasks: [Task<HubError?, Never>]) async -> [HubError?] {
        var outcomes: [HubError?] = []
        for task in tasks { outcomes.append(await task.value) }
        return outcomes
    }

    @Test func `confirms of several, of one, and refusals find their messages`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            for body in 1...6 { #expect(try socket.expectPublish() == [UInt8(body)]) }
            try socket.confirm(4)
            try socket.confirm(2, multiple: true, isAck: false)
            try socket.confirm(5, multiple: true)
            try socket.confirm(6, isAck: false)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        let tasks = publish([1, 2, 3, 4, 5, 6], on: connection)
        #expect(await outcomes(tasks) == [.nacked, .nacked, nil, nil, nil, .nacked])
        await connection.close()
        try await peer.played()
    }

    @Test func `returns find their messages although one confirm is for all`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            for _ in 1...4 { try socket.expectPublish() }
            for body in [2, 4] as [UInt8] {
                let arguments = Wired.u16(312) + Wired.short("NO_ROUTE") + Wired.short("") + Wired.short("q")
                try socket.sendMethod(1, 60, 50, arguments)
                try socket.sendContent(1, body: [body])
            }
            try socket.confirm(4, multiple: true)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        let returned = HubError.returned(code: 312, text: "NO_ROUTE")
        let tasks = publish([1, 2, 3, 4], on: connection, mandatory: true)
        #expect(await outcomes(tasks) == [nil, returned, nil, returned])
        await connection.close()
        try await peer.played()
    }

    @Test func `while the hub is blocked publishing waits, and only publishing`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.sendMethod(0, 10, 60, Wired.short("low on disk"))
            // The messages were given first, but the declaration comes first.
            try socket.declareQueue()
            try socket.sendMethod(0, 10, 61)
            #expect(try socket.expectPublish() == [2])
            try socket.confirm(1)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "low on disk"))
        let tasks = publish([1, 2], on: connection)
        tasks[0].cancel()
        #expect(await tasks[0].value == .cancelled)
        #expect(try await connection.declareQueue(.exclusive).name == "q")
        #expect(await events.next() == .unblocked)
        #expect(await tasks[1].value == nil)
        await connection.close()
        try await peer.played()
    }

    @Test func `cancelled messages of a blocked hub take no place`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.sendMethod(0, 10, 60, Wired.short("low on disk"))
            try socket.acceptClose()
        }
        let connection = try await peer.hub { $0.limits.publishesInFlightMax = 10 }.connect()
        var events = connection.events.makeAsyncIterator()
        _ = await events.next()
        for _ in 0..<300 {
            let tasks = publish(Array(repeating: 1, count: 10), on: connection)
            let overloaded = await publish([1], on: connection)[0].value
            #expect(overloaded == .overloaded("10 messages wait for their confirm"))
            for task in tasks { task.cancel() }
            #expect(await outcomes(tasks) == Array(repeating: .cancelled, count: 10))
        }
        await connection.close()
    }

    @Test func `channel.flow stops messages and is answered`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.accept()
            try socket.expect("50.10", channel: 2)
            try socket.sendMethod(1, 20, 20, [0])
            #expect(try socket.expect("20.21", channel: 1).payload.last == 0)
            try socket.sendMethod(2, 50, 11, Wired.short("stopped") + Wired.u32(0) + Wired.u32(0))
            try socket.declareQueue("still stopped")
            try socket.sendMethod(1, 20, 20, [1])
            #expect(try socket.expect("20.21", channel: 1).payload.last == 1)
            #expect(try socket.expectPublish() == [1])
            try socket.confirm(1)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        #expect(try await connection.declareQueue(.exclusive).name == "stopped")
        let tasks = publish([1], on: connection)
        #expect(try await connection.declareQueue(.exclusive).name == "still stopped")
        #expect(await outcomes(tasks) == [nil])
        await connection.close()
        try await peer.played()
    }

    @Test func `a hub that reads nothing is left`() async throws {
        let left = Observed(false)
        let peer = try ScriptedPeer(receiveBufferBytes: 4096) { socket in
            try socket.accept()
            left.wait(for: true)
        }
        let connection = try await peer.hub { $0.sendTimeoutMs = 200 }.connect()
        let body = [UInt8](repeating: 1, count: 1 << 20)
        let tasks = (0..<40).map { _ in
            Task.immediate {
                await errorOf {
                    try await connection.publish(HubMessage(body: body), to: .queue("q"), mandatory: false)
                }
            }
        }
        #expect(await outcomes(tasks) == Array(repeating: .closed("the hub took nothing for 200 ms"), count: 40))
        left.update { $0 = true }
        try await peer.played()
    }

    @Test func `a hub that reads slowly gets everything, and is heard meanwhile`() async throws {
        let bodyBytes = 3_000_000
        let peer = try ScriptedPeer(receiveBufferBytes: 4096) { socket in
            try socket.accept()
            try socket.expect("60.40", channel: 1)
            // The client is stuck in the middle of a message; it must hear this all the same.
            try socket.sendMethod(0, 10, 60, Wired.short("slow"))
            try socket.sendMethod(0, 10, 61)
            let header = try socket.readFrame()
            #expect(header.payload[4..<12].reduce(0) { $0 << 8 | Int($1) } == bodyBytes)
            var body: [UInt8] = []
            while body.count < bodyBytes { body += try socket.readFrame().payload }
            #expect(body == (0..<bodyBytes).map { UInt8(truncatingIfNeeded: $0) })
            try socket.confirm(1)
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        let body = (0..<bodyBytes).map { UInt8(truncatingIfNeeded: $0) }
        async let published: Void = connection.publish(HubMessage(body: body), to: .queue("q"), mandatory: false)
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "slow"))
        try await published
        await connection.close()
        try await peer.played()
    }
}
