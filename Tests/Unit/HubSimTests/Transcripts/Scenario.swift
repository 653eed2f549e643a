import AMQP
import Testing

/// Something that clients say, step by step. What RabbitMQ answers to each step is recorded in
/// `fixtures/hubsim/transcripts`.
///
/// Whatever it makes is named `t.…`; on a hub that lives longer, that is removed before.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// How far a client is when the scenario begins.
    enum Client: Sendable {
        /// Logged in, with channel 1 open.
        case ready
        /// The same, by a client that does not want to be told of the end of its consumers.
        case withoutCapabilities
        /// Connected, and nothing said.
        case silent
    }

    /// Frames that one client says in one write.
    struct Step: Sendable {
        var client = "a"
        var frames: [Frame]
        /// Whether the protocol header goes before them.
        var hasHeader = false
        /// What goes after them and need be no frame.
        var octets: [UInt8] = []

        static func + (left: Step, right: Step) -> Step {
            precondition(left.client == right.client, "Cannot say in one write what two clients say")
            precondition(left.octets.isEmpty || right.frames.isEmpty, "Cannot say frames behind octets")
            return Step(
                client: left.client,
                frames: left.frames + right.frames,
                hasHeader: left.hasHeader,
                octets: left.octets + right.octets
            )
        }

        /// The same on another channel.
        func on(_ channel: UInt16) -> Step { Step(client: client, frames: frames.map { $0.on(channel) }) }
        /// The same, by another client.
        func by(_ client: String) -> Step { Step(client: client, frames: frames, hasHeader: hasHeader, octets: octets) }
    }

    let name: String
    /// The clients by their names; there is always an `a`.
    var clients: [String: Client] = ["a": .ready]
    let steps: [Step]

    init(_ name: String, clients: [String: Client] = [:], _ steps: Step...) {
        self.init(name, clients: clients, steps: steps)
    }

    init(_ name: String, clients: [String: Client] = [:], steps: [Step]) {
        self.name = name
        self.steps = steps
        self.clients.merge(clients) { _, new in new }
        for step in steps where self.clients[step.client] == nil { self.clients[step.client] = .ready }
    }

    var testDescription: String { name }

    /// Removes what scenarios make.
    static let clean: [Step] =
        ["t.q", "t.r", "t.s", "t.dead", "t.\u{E9}", "t.e\u{301}"].map { say(.queueDelete(QueueDelete(queue: $0))) }
        + ["t.x", "t.y", "t.z"].map { say(.exchangeDelete(ExchangeDelete(exchange: $0))) }
}

extension Scenario.Step: ExpressibleByArrayLiteral {
    init(arrayLiteral frames: Frame...) { self.init(frames: frames) }
}

extension Frame {
    /// The frame on another channel.
    fileprivate func on(_ channel: UInt16) -> Frame {
        switch self {
        case .method(_, let method): .method(channel: channel, method)
        case .header(_, let header): .header(channel: channel, header)
        case .body(_, let octets): .body(channel: channel, octets)
        case .heartbeat: .heartbeat
        }
    }
}

// The steps that scenarios are made of.

func say(_ methods: AMQP.Method...) -> Scenario.Step {
    Scenario.Step(frames: methods.map { .method(channel: 1, $0) })
}

func declare(_ queue: String = "t.q", _ arguments: FieldTable = [:]) -> Scenario.Step {
    say(.queueDeclare(QueueDeclare(queue: queue, arguments: arguments)))
}

func count(_ queue: String = "t.q") -> Scenario.Step {
    say(.queueDeclare(QueueDeclare(queue: queue, passive: true)))
}

func exchange(_ name: String, _ type: String, _ arguments: FieldTable = [:]) -> Scenario.Step {
    say(.exchangeDeclare(ExchangeDeclare(exchange: name, type: type, arguments: arguments)))
}

func bind(_ queue: String, _ exchange: String, _ key: String = "", _ arguments: FieldTable = [:]) -> Scenario.Step {
    say(.queueBind(QueueBind(queue: queue, exchange: exchange, routingKey: key, arguments: arguments)))
}

func publish(
    _ body: String,
    _ exchange: String = "",
    _ key: String = "t.q",
    mandatory: Bool = false,
    immediate: Bool = false,
    _ properties: BasicProperties = BasicProperties()
) -> Scenario.Step {
    let publish = BasicPublish(exchange: exchange, routingKey: key, mandatory: mandatory, immediate: immediate)
    let header = ContentHeader(bodySize: UInt64(body.utf8.count), properties: properties)
    let frames: [Frame] = [.method(channel: 1, .basicPublish(publish)), .header(channel: 1, header)]
    return Scenario.Step(frames: body.isEmpty ? frames : frames + [.body(channel: 1, Array(body.utf8))])
}

func publish(_ body: String, _ properties: BasicProperties) -> Scenario.Step {
    publish(body, "", "t.q", properties)
}

func publishAll(_ bodies: String...) -> Scenario.Step { bodies.map { publish($0) }.reduce([], +) }

func get(_ queue: String = "t.q", noAck: Bool = true) -> Scenario.Step {
    say(.basicGet(BasicGet(queue: queue, noAck: noAck)))
}

func consume(
    _ tag: String,
    noAck: Bool = false,
    exclusive: Bool = false,
    _ arguments: FieldTable = [:]
) -> Scenario.Step {
    let consume = BasicConsume(
        queue: "t.q",
        consumerTag: tag,
        noAck: noAck,
        exclusive: exclusive,
        arguments: arguments
    )
    return say(.basicConsume(consume))
}

func ack(_ tag: UInt64, multiple: Bool = false) -> Scenario.Step {
    say(.basicAck(BasicAck(deliveryTag: tag, multiple: multiple)))
}

func nack(_ tag: UInt64, multiple: Bool = false, requeue: Bool) -> Scenario.Step {
    say(.basicNack(BasicNack(deliveryTag: tag, multiple: multiple, requeue: requeue)))
}

let closeChannel = say(.channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)))
