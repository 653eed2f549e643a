import AMQP
import MessageHub

/// Makes random operations with few names, so that they meet. The same seed makes the same operations, where the hub
/// answers the same.
///
/// Left out is what RabbitMQ leaves open, for its queues run beside each other: two queues that dead-letter into the
/// same one, and a prefetch limit of a channel that several queues share. So `t.q` dead-letters to `t.s` and `t.r` to
/// `t.dead`, into which nothing else is published, and that limit is set on the channel `b2` alone, which consumes from
/// `t.q` alone. And no queue is lazy: what RabbitMQ dead-letters from its disk, it gives no `original-expiration`.
struct OperationGenerator {
    typealias Seat = Operation.Seat

    private static let queues = ["t.q", "t.r", "t.s", "t.dead"]
    private static let exchanges = ["t.x", "t.y"]
    private static let kinds = ["direct", "fanout", "topic", "headers"]
    private static let keys = ["k", "a.b", "a", "#", "a.*", "*.b", ""]
    private static let tags = ["c1", "c2", "c3"]

    private var random: SeededGenerator
    private var lastBody = 0
    /// What `t.q` and the others are mostly declared with.
    private var usualDeclarations: [String: QueueDeclare] = [:]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        for queue in Self.queues { usualDeclarations[queue] = declaration(of: queue) }
    }

    /// What makes a scene: queues, exchanges and some bindings.
    mutating func beginning() -> [Operation] {
        let seat = Seat(client: "a", channel: 1)
        var methods = Self.queues.compactMap { usualDeclarations[$0].map(AMQP.Method.queueDeclare) }
        methods += Self.exchanges.map { .exchangeDeclare(exchangeDeclaration(of: $0)) }
        for _ in 0..<4 { methods.append(binding()) }
        return methods.map { Operation(seat: seat, action: .method($0)) }
    }

    /// The next operation, given what waits to be settled.
    mutating func next(_ hub: ComparedHub) -> Operation {
        let seat = pick(Seat.all)
        if !hub.labels(seat).isEmpty, chance(30) { return Operation(seat: seat, action: settlement(hub.labels(seat))) }
        if hub.isTransactional(seat), chance(15) {
            return Operation(seat: seat, action: .method(chance(60) ? .txCommit : .txRollback))
        }
        let action: Operation.Action =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<42: publish()
            case 42..<52: .method(.basicGet(BasicGet(queue: queue(), noAck: chance(30))))
            case 52..<64: .method(.basicConsume(consume(seat)))
            case 64..<69: .method(.basicCancel(BasicCancel(consumerTag: pick(Self.tags))))
            case 69..<73: .method(.basicQos(qos(seat)))
            case 73..<77: .method(binding())
            case 77..<79: .method(unbinding())
            case 79..<83: .method(.queueDeclare(queueDeclaration()))
            case 83..<85: .method(.exchangeDeclare(exchangeDeclaration(of: pick(Self.exchanges))))
            case 85..<87: .method(.queuePurge(QueuePurge(queue: queue())))
            case 87..<89:
                .method(.queueDelete(QueueDelete(queue: queue(), ifUnused: chance(40), ifEmpty: chance(40))))
            case 89..<90:
                .method(.exchangeDelete(ExchangeDelete(exchange: pick(Self.exchanges), ifUnused: chance(50))))
            case 90..<92: .method(.basicRecover(BasicRecover(requeue: true)))
            case 92..<95: .method(.confirmSelect(ConfirmSelect()))
            case 95..<97: .method(.txSelect)
            case 97..<98: .method(.txCommit)
            case 98..<99: .method(.basicAck(BasicAck(deliveryTag: 1_000_000)))
            default:
                .method(.exchangeBind(ExchangeBind(destination: "t.y", source: "t.x", routingKey: pick(Self.keys))))
            }
        return Operation(seat: seat, action: action)
    }

    // MARK: Parts

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func queue() -> String { pick(["t.q", "t.q", "t.q", "t.r", "t.r", "t.s", "t.dead"]) }

    private mutating func settlement(_ labels: [String]) -> Operation.Action {
        let kind: Operation.Settlement.Kind = pick([.ack, .ack, .nack, .nack, .reject])
        let settlement = Operation.Settlement(kind: kind, isMultiple: chance(25), isRequeue: chance(50))
        return .settle(label: pick(labels), settlement)
    }

    private mutating func publish() -> Operation.Action {
        lastBody += 1
        var properties = BasicProperties()
        if chance(15) { properties.expiration = pick(["0", "0", "60000"]) }
        if chance(25) { properties.priority = UInt8(Int.random(in: 0..<6, using: &random)) }
        if chance(10) { properties.deliveryMode = 2 }
        var headers: FieldTable = [:]
        if chance(20) { headers["a"] = .int32(Int32.random(in: 1...2, using: &random)) }
        if chance(6) { headers["CC"] = ["t.r", "a.b"] }
        if chance(4) { headers["BCC"] = ["t.q"] }
        if !headers.isEmpty { properties.headers = headers }
        let isDirect = chance(50)
        let publish = BasicPublish(
            exchange: isDirect ? "" : pick(Self.exchanges + ["t.x", "amq.topic"]),
            routingKey: isDirect ? pick(["t.q", "t.q", "t.q", "t.r", "t.none"]) : pick(["k", "a.b", "a", "a.c", ""]),
            mandatory: chance(30)
        )
        return .publish(publish, properties, body: "\(lastBody)" + (chance(10) ? "-longer" : ""))
    }

    private mutating func consume(_ seat: Seat) -> BasicConsume {
        BasicConsume(
            queue: seat == Seat(client: "b", channel: 2) ? "t.q" : queue(),
            consumerTag: pick(Self.tags),
            noAck: chance(30),
            exclusive: chance(6),
            arguments: chance(15) ? ["x-priority": .int32(Int32.random(in: -1...2, using: &random))] : [:]
        )
    }

    private mutating func qos(_ seat: Seat) -> BasicQos {
        BasicQos(
            prefetchCount: UInt16.random(in: 0...3, using: &random),
            isGlobal: seat == Seat(client: "b", channel: 2) && chance(60)
        )
    }

    private mutating func binding() -> AMQP.Method {
        .queueBind(
            QueueBind(
                queue: pick(["t.q", "t.r"]),
                exchange: pick(["t.x", "t.x", "t.y", "amq.topic"]),
                routingKey: pick(Self.keys),
                arguments: bindingArguments()
            )
        )
    }

    private mutating func unbinding() -> AMQP.Method {
        .queueUnbind(
            QueueUnbind(
                queue: pick(["t.q", "t.r"]),
                exchange: pick(Self.exchanges),
                routingKey: pick(Self.keys),
                arguments: bindingArguments()
            )
        )
    }

    private mutating func bindingArguments() -> FieldTable {
        chance(80) ? [:] : ["x-match": pick(["all", "any"]), "a": .int32(1)]
    }

    private mutating func exchangeDeclaration(of name: String) -> ExchangeDeclare {
        ExchangeDeclare(
            exchange: name,
            type: pick(Self.kinds),
            autoDelete: chance(10),
            arguments: chance(15) ? ["alternate-exchange": "t.y"] : [:]
        )
    }

    private mutating func queueDeclaration() -> QueueDeclare {
        let name = queue()
        guard !chance(75), let usual = usualDeclarations[name] else {
            return usualDeclarations[name] ?? declaration(of: name)
        }
        return chance(50) ? declaration(of: name) : QueueDeclare(queue: usual.queue, passive: true)
    }

    private mutating func declaration(of name: String) -> QueueDeclare {
        var arguments: FieldTable = [:]
        if chance(20) {
            arguments["x-max-length"] = .int32(Int32.random(in: 0...3, using: &random))
        }
        if chance(6) { arguments["x-max-length-bytes"] = .int32(Int32.random(in: 0...9, using: &random)) }
        if chance(25) { arguments["x-overflow"] = pick(["drop-head", "reject-publish", "reject-publish-dlx"]) }
        if chance(12) { arguments["x-message-ttl"] = .int32(pick([0, 0, 60000])) }
        if chance(20) { arguments["x-max-priority"] = .int32(pick([1, 3, 5])) }
        if chance(12) { arguments["x-single-active-consumer"] = true }
        let target = ["t.q": "t.s", "t.r": "t.dead", "t.s": "t.q", "t.dead": "t.r"][name] ?? "t.s"
        if chance(["t.q", "t.r"].contains(name) ? 50 : 20) {
            arguments["x-dead-letter-exchange"] = ""
            arguments["x-dead-letter-routing-key"] = .string(target)
        }
        return QueueDeclare(
            queue: name,
            durable: chance(20),
            exclusive: chance(8),
            autoDelete: chance(10),
            arguments: arguments
        )
    }
}
