import AMQP
import Testing

/// Something a client says, step by step, on a connection with channel 1 open. What RabbitMQ answers to each step is
/// recorded in `fixtures/hubsim/transcripts`.
///
/// Whatever it makes is named `t.…`, and it removes first what an earlier one may have left.
struct Scenario: Sendable, CustomTestStringConvertible {
    typealias Step = [Frame]

    let name: String
    let steps: [Step]

    init(_ name: String, _ steps: Step...) {
        self.name = name
        self.steps = [Self.clean] + steps
    }

    init(_ name: String, steps: [Step]) {
        self.name = name
        self.steps = [Self.clean] + steps
    }

    var testDescription: String { name }

    static let all: [Scenario] =
        queues + redeclarations + bindings + exchanges + publishing + routing + consuming + settling + channels + limits
        + deadLetters + frames

    /// Removes what scenarios make.
    private static let clean: Step =
        ["t.q", "t.r", "t.dead"].map { .queueDelete(QueueDelete(queue: $0)) }.said
        + ["t.x", "t.y"].map { .exchangeDelete(ExchangeDelete(exchange: $0)) }.said
}

extension [AMQP.Method] {
    /// The methods on channel 1.
    var said: [Frame] { map { .method(channel: 1, $0) } }
}

// The steps that scenarios are made of.

func say(_ methods: AMQP.Method...) -> Scenario.Step { methods.said }

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
    return body.isEmpty ? frames : frames + [.body(channel: 1, Array(body.utf8))]
}

func publish(_ body: String, _ properties: BasicProperties) -> Scenario.Step {
    publish(body, "", "t.q", properties)
}

func publishAll(_ bodies: String...) -> Scenario.Step { bodies.flatMap { publish($0) } }

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
