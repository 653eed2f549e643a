import AMQP
import Testing

/// A hub on which operations are performed, with everything that its clients hear.
final class ComparedHub {
    typealias Seat = Operation.Seat

    /// A delivery that waits to be settled.
    private struct Outstanding {
        let tag: UInt64
        let label: String
    }

    /// What the hub's client knows of one of its channels.
    private struct Channel {
        var outstanding: [Outstanding] = []
        /// What was settled in the open transaction.
        var settled: [Outstanding] = []
        var isTransactional = false
        var noAckConsumers: Set<String> = []
        var consumers: Set<String> = []
        /// Whether the last `basic.get` needs an acknowledgement, and from which queue it was.
        var lastGet: (queue: String, noAck: Bool) = ("", true)
        var isConfirming = false
        var publishedCount: UInt64 = 0
        var unconfirmed: Set<UInt64> = []
        /// The method whose content is on its way, and its header.
        var content: (method: AMQP.Method, header: Frame?)?
        var isFenced = false
    }

    /// On this channel each client asks what only the comparison wants to know.
    private static let questions: UInt16 = 50

    private let port: Int
    private var clients: [String: RawClient] = [:]
    private var channels: [Seat: Channel] = [:]
    private(set) var heard = Heard()
    /// The frames of the last operation, as they were said.
    private(set) var said: [Frame] = []

    private init(port: Int) { self.port = port }

    /// Connects two clients, with two channels each.
    static func connect(port: Int) async throws -> ComparedHub {
        let hub = ComparedHub(port: port)
        for name in ["a", "b"] { try await hub.connect(name) }
        return hub
    }

    private func connect(_ name: String) async throws {
        let client = try await RawClient.withChannel(port: port, properties: ["connection_name": .string(name)])
        for number in [2, Self.questions] {
            try await client.send(.channelOpen, channel: number)
            _ = try await client.next()
        }
        clients[name] = client
        for seat in Seat.all where seat.client == name { channels[seat] = Channel() }
    }

    /// Ends the connections so that the hub has forgotten them.
    func leave() async throws {
        for client in clients.values { try await client.leave(isClosed: false) }
    }

    // MARK: Doing

    /// The labels of what waits to be settled, in the order of the tags.
    func labels(_ seat: Seat) -> [String] { channels[seat]?.outstanding.map(\.label) ?? [] }
    func isTransactional(_ seat: Seat) -> Bool { channels[seat]?.isTransactional ?? false }
    func consumers(_ seat: Seat) -> Set<String> { channels[seat]?.consumers ?? [] }

    /// Performs an operation and hears what comes until the channel has answered. `heard` begins anew.
    func perform(_ operation: Operation, isMultiple: Bool) async throws {
        heard = Heard()
        said = frames(operation, isMultiple: isMultiple)
        if !said.isEmpty { try await client(operation.seat).send(frames: said) }
        // RabbitMQ takes nothing on the channel while it commits.
        if case .method(.txCommit) = operation.action { try await hearAnswer(operation.seat) }
        try await fence(operation.seat)
    }

    /// Hears what has come on all channels.
    func fenceAll() async throws { for seat in Seat.all { try await fence(seat) } }

    /// Asks how many messages and consumers the queues have.
    func count(_ queues: [(name: String, owner: String)]) async throws {
        heard.counts = [:]
        for queue in queues {
            guard let client = clients[queue.owner] else { continue }
            let question = QueueDeclare(queue: queue.name, passive: true)
            try await client.send(.queueDeclare(question), channel: Self.questions)
            let known = heard.counts.count
            while heard.counts.count == known { try await take(client.next(within: .seconds(10)), queue.owner) }
        }
    }

    /// Hears what comes within a short time.
    func linger(_ time: Duration) async throws {
        for (name, client) in clients {
            while let event = try await client.next(within: time) { try await take(event, name) }
        }
    }

    private func client(_ seat: Seat) throws -> RawClient { try #require(clients[seat.client]) }

    private func frames(_ operation: Operation, isMultiple: Bool) -> [Frame] {
        let seat = operation.seat
        let number = seat.channel
        switch operation.action {
        case .method(let method):
            note(method, seat)
            return [.method(channel: number, method)]
        case .publish(let publish, let properties, let body):
            if channels[seat]?.isConfirming == true {
                let sequence = (channels[seat]?.publishedCount ?? 0) + 1
                channels[seat]?.publishedCount = sequence
                channels[seat]?.unconfirmed.insert(sequence)
            }
            return [
                .method(channel: number, .basicPublish(publish)),
                .header(channel: number, ContentHeader(bodySize: UInt64(body.utf8.count), properties: properties)),
                .body(channel: number, Array(body.utf8)),
            ]
        case .settle(let label, let settlement):
            guard let index = channels[seat]?.outstanding.firstIndex(where: { $0.label == label }) else { return [] }
            let tag = channels[seat]?.outstanding[index].tag ?? 0
            settle(settlement.coversEarlier && isMultiple ? 0...index : index...index, seat)
            return [.method(channel: number, settlement.method(tag, isMultiple: isMultiple))]
        }
    }

    private func settle(_ range: ClosedRange<Int>, _ seat: Seat) {
        guard var channel = channels[seat] else { return }
        if channel.isTransactional { channel.settled += channel.outstanding[range] }
        channel.outstanding.removeSubrange(range)
        channels[seat] = channel
    }

    private func note(_ method: AMQP.Method, _ seat: Seat) {
        switch method {
        case .basicGet(let get): channels[seat]?.lastGet = (get.queue, get.noAck)
        case .basicConsume(let consume):
            if channels[seat]?.consumers.contains(consume.consumerTag) == false {
                if consume.noAck {
                    channels[seat]?.noAckConsumers.insert(consume.consumerTag)
                } else {
                    channels[seat]?.noAckConsumers.remove(consume.consumerTag)
                }
            }
        // What recovers is given up before it comes again.
        case .basicRecover(let recover) where recover.requeue: channels[seat]?.outstanding = []
        default: break
        }
    }

    /// Asks something that changes nothing and hears everything up to the answer.
    private func fence(_ seat: Seat) async throws {
        channels[seat]?.isFenced = false
        try await askForFence(seat)
        while channels[seat]?.isFenced == false {
            try await take(client(seat).next(within: .seconds(10)), seat.client)
        }
    }

    private func hearAnswer(_ seat: Seat) async throws {
        let places = [seat, Seat(client: seat.client, channel: 0)]
        // Messages that it gives back come before.
        while !places.contains(where: { heard.replies[$0]?.contains { !$0.hasPrefix("basic.return") } ?? false }) {
            try await take(client(seat).next(within: .seconds(10)), seat.client)
        }
    }

    private func askForFence(_ seat: Seat) async throws {
        try await client(seat).send(.channelFlow(ChannelFlow(active: true)), channel: seat.channel)
    }

    // MARK: Hearing

    private func take(_ event: RawClient.Event?, _ name: String) async throws {
        guard case .frame(let frame) = event else {
            throw Heard.Failure(description: "\(name) heard \(event.map { "\($0)" } ?? "nothing")")
        }
        let seat = Seat(client: name, channel: frame.channel)
        if case .method(0, .connectionClose) = frame { return try await closed(frame, name) }
        if frame.channel == Self.questions { return try await takeAnswer(frame, name) }
        switch frame {
        case .method(_, let method): try await take(method, frame, seat)
        case .header(_, let header):
            channels[seat]?.content?.header = frame
            if header.bodySize == 0 { finishContent("", seat) }
        case .body(_, let octets): finishContent(String(decoding: octets, as: UTF8.self), seat)
        case .heartbeat: break
        }
    }

    private func take(_ method: AMQP.Method, _ frame: Frame, _ seat: Seat) async throws {
        switch method {
        case .channelFlowOk: channels[seat]?.isFenced = true
        case .channelOpenOk: break
        case .channelClose:
            heard.replies[seat, default: []].append(frame.line)
            channels[seat] = Channel()
            try await client(seat).send(.channelCloseOk, channel: seat.channel)
            try await client(seat).send(.channelOpen, channel: seat.channel)
            try await askForFence(seat)
        case .basicDeliver, .basicGetOk, .basicReturn: channels[seat]?.content = (method, nil)
        case .basicAck(let ack): confirm("ack", ack.deliveryTag, ack.multiple, seat)
        case .basicNack(let nack): confirm("nack", nack.deliveryTag, nack.multiple, seat)
        case .basicCancel(let cancel):
            channels[seat]?.consumers.remove(cancel.consumerTag)
            heard.cancels[seat, default: []].insert(cancel.consumerTag)
        default:
            learn(method, seat)
            heard.replies[seat, default: []].append(frame.line)
        }
    }

    private func learn(_ method: AMQP.Method, _ seat: Seat) {
        switch method {
        case .confirmSelectOk: channels[seat]?.isConfirming = true
        case .txSelectOk: channels[seat]?.isTransactional = true
        case .txCommitOk: channels[seat]?.settled = []
        case .txRollbackOk:
            guard var channel = channels[seat] else { return }
            channel.outstanding = (channel.outstanding + channel.settled).sorted { $0.tag < $1.tag }
            channel.settled = []
            channels[seat] = channel
        case .basicConsumeOk(let ok): channels[seat]?.consumers.insert(ok.consumerTag)
        case .basicCancelOk(let ok): channels[seat]?.consumers.remove(ok.consumerTag)
        default: break
        }
    }

    private func confirm(_ outcome: String, _ tag: UInt64, _ isMultiple: Bool, _ seat: Seat) {
        guard let open = channels[seat]?.unconfirmed else { return }
        let settled = isMultiple ? open.filter { $0 <= tag } : [tag]
        channels[seat]?.unconfirmed.subtract(settled)
        for sequence in settled { heard.confirms[seat, default: []].insert("\(outcome) \(sequence)") }
    }

    private func finishContent(_ body: String, _ seat: Seat) {
        guard let (method, header) = channels[seat]?.content else { return }
        channels[seat]?.content = nil
        let message = "\(header?.line ?? "") '\(body)'"
        switch method {
        case .basicDeliver(var deliver):
            let tag = deliver.deliveryTag
            deliver.deliveryTag = 0
            heard.deliveries[seat, default: [:]][deliver.consumerTag, default: []].append("\(deliver) \(message)")
            if channels[seat]?.noAckConsumers.contains(deliver.consumerTag) == false {
                channels[seat]?.outstanding.append(Outstanding(tag: tag, label: "\(deliver.consumerTag):\(body)"))
            }
        case .basicGetOk(var got):
            let tag = got.deliveryTag
            got.deliveryTag = 0
            heard.replies[seat, default: []].append("\(got) \(message)")
            if let get = channels[seat]?.lastGet, !get.noAck {
                channels[seat]?.outstanding.append(Outstanding(tag: tag, label: "got \(get.queue):\(body)"))
            }
        default: heard.replies[seat, default: []].append("\(method.name) \(method) \(message)")
        }
    }

    private func takeAnswer(_ frame: Frame, _ name: String) async throws {
        switch frame {
        case .method(_, .queueDeclareOk(let ok)):
            heard.counts[ok.queue] = "\(ok.messageCount) messages, \(ok.consumerCount) consumers"
        case .method(_, .channelClose(let close)):
            heard.counts[close.replyText] = "refused"
            try await clients[name]?.send(.channelCloseOk, channel: Self.questions)
            try await clients[name]?.send(.channelOpen, channel: Self.questions)
        default: break
        }
    }

    /// The server has closed a connection: its client comes again.
    private func closed(_ frame: Frame, _ name: String) async throws {
        heard.replies[Seat(client: name, channel: 0), default: []].append(frame.line)
        try await clients[name]?.leave(isClosed: true)
        try await connect(name)
        for seat in Seat.all where seat.client == name { channels[seat]?.isFenced = true }
    }
}
