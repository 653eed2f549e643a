import MessageHub
import RabbitMQ
import TestSupport
import Testing

@testable import HubSim

/// What is true of one door is true of the other: the same tests, straight to the broker and through a socket.
@Suite("Both doors", .timeLimit(.minutes(5)))
struct DoorsTests {
    enum Door: CaseIterable, Sendable {
        case inProcess, socket

        func hub(of hub: HubSim) throws -> any MessageHub {
            switch self {
            case .inProcess: hub.inProcess()
            case .socket: RabbitMQHub(try HubURL(hub.url), .patient("doors"))
            }
        }
    }

    @Test(arguments: Door.allCases)
    func aRequestAndItsReply(_ door: Door) async throws {
        try await HubSim.withHub(.forTests) { hub in
            let asking = try await door.hub(of: hub).connect()
            let answering = try await door.hub(of: hub).connect()
            try await answering.declareExchange(ExchangeDeclaration(name: "hub", kind: .topic, isDurable: true))
            _ = try await answering.declareQueue(.durable("service"))
            try await answering.bind(queue: "service", exchange: "hub", routingKey: "storage.request")
            let requests = try await answering.consume(queue: "service", prefetch: 1)
            let mailbox = try await asking.declareQueue(.exclusive).name
            let replies = try await asking.consume(queue: mailbox, prefetch: 10)
            var request = HubMessage(body: Array("ping".utf8), contentType: "text/plain", isPersistent: true)
            request.messageID = "m1"
            request.correlationID = "c1"
            request.replyTo = mailbox
            request.type = "storage.request"
            request.appID = "test"
            request.timestampSeconds = 1_700_000_000
            request.expirationMs = 60_000
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
            await asking.close()
            await answering.close()
        }
    }

    @Test(arguments: Door.allCases)
    func refusalsAndReturns(_ door: Door) async throws {
        try await HubSim.withHub(.forTests) { hub in
            let connection = try await door.hub(of: hub).connect()
            await #expect(throws: HubError.returned(code: 312, text: "NO_ROUTE")) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("none"), mandatory: true)
            }
            try await connection.publish(HubMessage(body: [1]), to: .queue("none"), mandatory: false)
            await #expect(throws: HubError.refused(code: 404, text: "NOT_FOUND - no queue 'none' in vhost '/'")) {
                _ = try await connection.declareQueue(QueueDeclaration(name: "none", isPassive: true))
            }
            let other = try await door.hub(of: hub).connect()
            _ = try await other.declareQueue(.durable("q"))
            let text =
                "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but"
                + " current is 'true'"
            await #expect(throws: HubError.refused(code: 406, text: text)) {
                _ = try await other.declareQueue(QueueDeclaration(name: "q"))
            }
            await connection.close()
            await other.close()
        }
    }

    @Test(arguments: Door.allCases)
    func redeliveryAndPrefetch(_ door: Door) async throws {
        try await HubSim.withHub(.forTests) { hub in
            let connection = try await door.hub(of: hub).connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
            for number in UInt8(0)..<4 {
                try await connection.publish(HubMessage(body: [number]), to: .queue("q"), mandatory: true)
            }
            let deliveries = try await connection.consume(queue: "q", prefetch: 2)
            #expect(await hub.waitUntil(.unacknowledged(from: "q", atLeast: 2)))
            var seen: [String] = []
            for await delivery in deliveries {
                seen.append("\(delivery.message.body[0])\(delivery.isRedelivered ? " again" : "")")
                if delivery.message.body == [1], !delivery.isRedelivered {
                    try await connection.reject(delivery, requeue: true)
                } else {
                    try await connection.acknowledge(delivery)
                }
                if seen.count == 5 { break }
            }
            #expect(seen.sorted() == ["0", "1", "1 again", "2", "3"])
            #expect(await hub.waitUntil(.empty("q")))
            await connection.close()
        }
    }

    @Test(arguments: Door.allCases)
    func theEndIsToldToEveryone(_ door: Door) async throws {
        let hub = try await HubSim.start(.forTests)
        let connection = try await door.hub(of: hub).connect()
        let name = try await connection.declareQueue(.exclusive).name
        let deliveries = try await connection.consume(queue: name, prefetch: 1)
        await hub.shutdown()
        #expect(await deliveries.first { _ in true } == nil)
        var last: HubConnectionEvent?
        for await event in connection.events { last = event }
        guard case .closed(.closed(let reason)) = last else {
            Issue.record("\(String(describing: last))")
            return
        }
        #expect(reason.contains("CONNECTION_FORCED"))
        await #expect(throws: HubError.self) {
            try await connection.publish(HubMessage(body: []), to: .queue(name), mandatory: true)
        }
    }
}

@Suite("From behind", .timeLimit(.minutes(5)))
struct BackDoorTests {
    @Test func messagesAreSeenAndPublishedWithoutAConnection() async throws {
        var left: [String] = []
        try await HubSim.withHub(.forTests, inspect: { left = $0.leftovers.lines }) { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
            #expect(try hub.publish(HubMessage(body: [1]), to: .queue("q")) == 1)
            #expect(try hub.publish(HubMessage(body: [2]), to: .queue("none")) == 0)
            #expect(throws: HubError.refused(code: 404, text: "NOT_FOUND - no exchange 'x' in vhost '/'")) {
                try hub.publish(HubMessage(body: []), to: HubAddress(exchange: "x", routingKey: ""))
            }
            #expect(hub.messages(in: "q").map(\.body) == [[1]])
            let deliveries = try await connection.consume(queue: "q", prefetch: 1)
            #expect(await deliveries.first { _ in true }?.message.body == [1])
            try hub.publish(HubMessage(body: [3]), to: .queue("q"))
        }
        #expect(
            left == [
                "1 unread in queue 'q' of vhost '/'",
                "unacknowledged from queue 'q': key 'q', held by connection 'in-process', channel 1, tag 1",
                "connection 'in-process' is open with 1 channels and 1 unacknowledged",
            ]
        )
    }

    @Test func whatABodyThrowsComesOutAndTheHubEnds() async throws {
        struct Trouble: Error {}
        var ended: HubSim?
        await #expect(throws: Trouble.self) {
            try await HubSim.withHub(.forTests) { hub in
                ended = hub
                throw Trouble()
            }
        }
        // Nobody is let in any more. Its port may be another hub's by now.
        let hub = try #require(ended)
        await #expect(throws: HubError.self) { try await hub.inProcess().connect() }
    }
}
