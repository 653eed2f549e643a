import AMQP
import Testing

@testable import HubSim

/// Hostile clients on one hub with a well-behaved one, and what must be true whatever they say.
struct FuzzRun {
    private let hub: HubWithoutSockets
    private let bystander: ClientWithoutSocket

    init() throws {
        hub = HubWithoutSockets { configuration in
            // Small, so that limits are hit.
            configuration.limits.queuesMax = 20
            configuration.limits.exchangesMax = 20
            configuration.limits.bindingsMax = 60
            configuration.limits.consumersPerChannelMax = 10
            configuration.limits.totalBytesHigh = 200_000
            configuration.limits.totalBytesMax = 300_000
            configuration.limits.queueBytesMax = 100_000
            configuration.limits.transactionMax = 10
            configuration.limits.routesCachedMax = 8
            configuration.limits.outboundBytesHigh = 20_000
            configuration.limits.assemblyBytesMax = 50_000
            configuration.limits.deathsCausedMax = 100
        }
        bystander = try hub.connectWithChannel()
        try bystander.say(.method(channel: 1, .queueDeclare(QueueDeclare(queue: "bystander", exclusive: true))))
        try bystander.say(.method(channel: 1, .basicConsume(BasicConsume(queue: "bystander", noAck: true))))
        _ = try bystander.takeFrames()
    }

    /// Plays the clients' pieces in turns, ends them all and looks at what is left.
    func play(_ clients: [[[UInt8]]]) throws {
        var open = clients.map { (client: hub.connect(), pieces: $0[...]) }
        var turn = 0
        while open.contains(where: { !$0.pieces.isEmpty }) {
            let index = turn % open.count
            turn += 1
            guard let piece = open[index].pieces.popFirst() else { continue }
            open[index].client.receive(piece)
            try check(open[index].client.takeFrames())
            if turn % 16 == 0 { hub.pass(milliseconds: 3) }
        }
        checkCounts()
        for index in open.indices {
            open[index].client.vanish()
            try check(open[index].client.takeFrames())
        }
        checkCounts()
        try checkBystander()
        try cleanUp()
    }

    /// Whatever the hub closes with is a code that AMQP knows, and never its own fault.
    private func check(_ frames: [Frame]) {
        for frame in frames {
            guard case .method(_, let method) = frame else { continue }
            switch method {
            case .connectionClose(let close): check(close.replyCode, close.replyText, .connection)
            case .channelClose(let close): check(close.replyCode, close.replyText, .channel)
            default: break
            }
        }
    }

    private func check(_ number: UInt16, _ text: String, _ severity: ReplyCode.Severity) {
        guard let code = ReplyCode(rawValue: number) else {
            Issue.record("closed with \(number) \(text)")
            return
        }
        #expect(text.hasPrefix(code.name), "\(text)")
        // A login is refused with a code that is a channel's elsewhere.
        #expect(code.severity == severity || code == .accessRefused, "\(number) \(text)")
        // The hub never blames itself.
        #expect(code != .internalError, "\(text)")
    }

    /// What is counted is what is there.
    private func checkCounts() {
        hub.look { broker in
            let queues = broker.hosts.values.flatMap(\.queues.values)
            let bytes = queues.map { $0.ready.bytes + $0.unackedBytes }.reduce(0, +)
            let messageBytes = broker.memory.messageBytes
            #expect(messageBytes >= bytes)
            for queue in queues {
                #expect(queue.ready.bytes == queue.ready.prefix(.max).map(\.message.sizeBytes).reduce(0, +))
                #expect(queue.ready.count == queue.ready.prefix(.max).count)
            }
        }
    }

    private func checkBystander() throws {
        try bystander.say(
            .method(channel: 1, .basicPublish(BasicPublish(routingKey: "bystander"))),
            .header(channel: 1, ContentHeader(bodySize: 2)),
            .body(channel: 1, [1, 2])
        )
        let frames = try bystander.takeFrames()
        #expect(frames.last == .body(channel: 1, [1, 2]), "\(frames)")
    }

    /// Everything that clients left behind is deleted; then nothing is counted any more.
    private func cleanUp() throws {
        let snapshot = hub.look { HubSnapshot($0) }
        for queue in snapshot.queues where !queue.isExclusive {
            try bystander.say(.method(channel: 1, .queueDelete(QueueDelete(queue: queue.name, noWait: true))))
        }
        for exchange in snapshot.exchanges where !exchange.name.isEmpty && !exchange.name.hasPrefix("amq.") {
            try bystander.say(
                .method(channel: 1, .exchangeDelete(ExchangeDelete(exchange: exchange.name, noWait: true)))
            )
        }
        bystander.vanish()
        hub.look { broker in
            let left = (snapshot: HubSnapshot(broker), memory: broker.memory, isBlocking: broker.isBlocking)
            #expect(left.snapshot.queues.isEmpty && left.snapshot.connections.isEmpty && left.snapshot.bindings.isEmpty)
            #expect(left.snapshot.exchanges.allSatisfy { $0.name.isEmpty || $0.name.hasPrefix("amq.") })
            #expect(left.memory == MemoryLedger())
            #expect(!left.isBlocking)
        }
    }
}
