import MessageHub
import Testing

@Suite(.timeLimit(.minutes(5)))
struct MessageTests {
    private static let full = HubMessage(
        body: Array("{\"a\":1}".utf8),
        contentType: "application/json",
        isPersistent: true,
        messageID: "id-1",
        correlationID: "corr-1",
        replyTo: "somewhere",
        type: "storage.request",
        appID: "image_service",
        timestampSeconds: 1_767_323_045,
        expirationMs: 60_000,
        headers: [
            "event_type": .string("storage.request"), "umlaut": .string("größe"), "empty": .string(""),
            "big": .integer(.max), "small": .integer(.min), "yes": .bool(true), "no": .bool(false),
        ]
    )

    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var message: HubMessage

        init(_ description: String, _ message: HubMessage) {
            testDescription = description
            self.message = message
        }
    }

    static let cases = [
        Case("every property", full),
        Case("nothing", HubMessage(body: [])),
        Case("empty properties", HubMessage(body: [120], messageID: "", correlationID: "", type: "")),
        Case("every byte", HubMessage(body: (0..<256).map { UInt8($0) })),
        Case("one frame, full", HubMessage(body: [UInt8](repeating: 7, count: 131_064))),
        Case("one byte over a frame", HubMessage(body: [UInt8](repeating: 8, count: 131_065))),
        Case("several frames", HubMessage(body: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 * 31) })),
        Case(
            "longest properties",
            HubMessage(
                body: [1],
                messageID: String(repeating: "i", count: 255),
                replyTo: String(repeating: "ü", count: 127)
            )
        ),
        Case(
            "most headers",
            HubMessage(
                body: [2],
                headers: Dictionary(uniqueKeysWithValues: (0..<64).map { ("header-\($0)", .string("value \($0)")) })
            )
        ),
    ]

    @Test(arguments: cases, HubUnderTest.all)
    func `a message arrives as it was sent`(sent: Case, on hub: HubUnderTest) async throws {
        let message = sent.message
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let subscription = try await connection.consume(queue: queue, prefetch: 1)
            try await connection.publish(message, to: .queue(queue), mandatory: true)
            var deliveries = subscription.makeAsyncIterator()
            let delivery = try #require(await deliveries.next())
            #expect(delivery.message == message)
            #expect(delivery.exchange == "")
            #expect(delivery.routingKey == queue)
            #expect(!delivery.isRedelivered)
            try await connection.acknowledge(delivery)
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `many messages are under way at once and keep their order`(on hub: HubUnderTest) async throws {
        let count = 2000
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let subscription = try await connection.consume(queue: queue, prefetch: 100)
            async let received = {
                var numbers: [Int] = []
                for await delivery in subscription {
                    numbers.append(try #require(Int(delivery.message.messageID ?? "")))
                    try await connection.acknowledge(delivery)
                    if numbers.count == count { break }
                }
                return numbers
            }()
            try await withThrowingTaskGroup { group in
                for number in 0..<count {
                    group.addImmediateTask {
                        let message = HubMessage(body: [], messageID: String(number))
                        try await connection.publish(message, to: .queue(queue), mandatory: true)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await received == Array(0..<count))
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `no more than the prefetch count is delivered unacknowledged`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let subscription = try await connection.consume(queue: queue, prefetch: 3)
            for _ in 0..<6 { try await connection.publish(HubMessage(body: []), to: .queue(queue), mandatory: true) }
            var deliveries = subscription.makeAsyncIterator()
            var held: [HubDelivery] = []
            for _ in 0..<3 { held.append(try #require(await deliveries.next())) }
            // Three ready, three held: the hub itself says that it keeps the others back.
            let passive = QueueDeclaration(name: queue, isExclusive: true, isAutoDelete: true, isPassive: true)
            #expect(try await connection.declareQueue(passive).messageCount == 3)
            for delivery in held { try await connection.acknowledge(delivery) }
            for _ in 0..<3 { _ = try #require(await deliveries.next()) }
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `a rejected message comes again, or not`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let queue = try await freshQueue(connection)
            let subscription = try await connection.consume(queue: queue, prefetch: 1)
            try await connection.publish(HubMessage(body: [1]), to: .queue(queue), mandatory: true)
            try await connection.publish(HubMessage(body: [2]), to: .queue(queue), mandatory: true)
            var deliveries = subscription.makeAsyncIterator()
            let first = try #require(await deliveries.next())
            try await connection.reject(first, requeue: true)
            let again = try #require(await deliveries.next())
            #expect(again.message.body == [1])
            #expect(again.isRedelivered)
            try await connection.reject(again, requeue: false)
            #expect(try #require(await deliveries.next()).message.body == [2])
        }
    }

    @Test(arguments: HubUnderTest.all)
    func `a topic exchange routes by the key`(on hub: HubUnderTest) async throws {
        try await withConnection(hub.client()) { connection in
            let exchange = uniqueName("exchange")
            try await connection.declareExchange(ExchangeDeclaration(name: exchange, kind: .topic, isDurable: false))
            let queue = try await freshQueue(connection)
            try await connection.bind(queue: queue, exchange: exchange, routingKey: "image.*")
            let subscription = try await connection.consume(queue: queue, prefetch: 1)
            let address = HubAddress(exchange: exchange, routingKey: "image.created")
            try await connection.publish(HubMessage(body: [1]), to: address, mandatory: true)
            var deliveries = subscription.makeAsyncIterator()
            let delivery = try #require(await deliveries.next())
            #expect(delivery.exchange == exchange)
            #expect(delivery.routingKey == "image.created")
        }
    }
}
