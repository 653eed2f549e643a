import AMQP

extension Scenario {
    /// Declaring queues: arguments, names, the last one.
    static let queues: [Scenario] =
        arguments.map { name, value in Scenario("queue argument \(name) = \(value)", declare("t.q", [name: value])) }
        + [
            Scenario("reserved queue name", declare("amq.t")),
            Scenario("reserved queue name, passive", count("amq.t")),
            Scenario("queue named by the server", declare(""), get("")),
            Scenario("queue that is not there", count("t.q")),
            Scenario("passive without a name", declare(), count("")),
            Scenario("line breaks in a queue name", declare("t\r\n.q"), count()),
            Scenario("no last queue: purge", say(.queuePurge(QueuePurge()))),
            Scenario("no last queue: delete", say(.queueDelete(QueueDelete()))),
            Scenario("no last queue: get", get("")),
            Scenario("no last queue: bind", bind("", "amq.direct")),
            Scenario("no last queue: bind with key", bind("", "amq.direct", "k")),
            Scenario("last queue", declare(), bind("", "amq.direct"), publish("1", "amq.direct", "t.q"), get("")),
            Scenario("purge", declare(), publishAll("1", "2"), say(.queuePurge(QueuePurge(queue: "t.q"))), count()),
            Scenario("purge what is not there", say(.queuePurge(QueuePurge(queue: "t.q")))),
            Scenario("delete", declare(), publishAll("1", "2"), say(.queueDelete(QueueDelete(queue: "t.q"))), count()),
            Scenario("delete what is not there", say(.queueDelete(QueueDelete(queue: "t.q")))),
            Scenario(
                "delete if empty",
                declare(),
                publish("1"),
                say(.queueDelete(QueueDelete(queue: "t.q", ifEmpty: true)))
            ),
            Scenario(
                "delete if unused",
                declare(),
                consume("t"),
                say(.queueDelete(QueueDelete(queue: "t.q", ifUnused: true)))
            ),
            Scenario("delete with a consumer", declare(), consume("t"), say(.queueDelete(QueueDelete(queue: "t.q")))),
            Scenario(
                "auto-delete",
                say(.queueDeclare(QueueDeclare(queue: "t.q", autoDelete: true))),
                consume("t"),
                say(.basicCancel(BasicCancel(consumerTag: "t"))),
                count()
            ),
        ]

    private static let arguments: [(String, FieldValue)] = [
        ("x-message-ttl", "abc"), ("x-message-ttl", .int32(-1)), ("x-message-ttl", .double(1.5)),
        ("x-message-ttl", true), ("x-message-ttl", .int32(0)), ("x-message-ttl", .int64(315_360_000_000)),
        ("x-message-ttl", .int64(315_360_000_001)), ("x-expires", .int32(0)), ("x-expires", .int32(-5)),
        ("x-expires", "x"), ("x-expires", .int64(315_360_000_001)), ("x-max-length", .int32(-3)),
        ("x-max-length", "1"), ("x-max-length", .int64(1 << 62)), ("x-max-length-bytes", "1"),
        ("x-max-priority", .int32(256)), ("x-max-priority", "s"), ("x-max-priority", .int32(-1)),
        ("x-max-priority", .int32(0)), ("x-dead-letter-exchange", .int32(5)), ("x-dead-letter-routing-key", "a"),
        ("x-overflow", "foo"), ("x-overflow", .int32(5)), ("x-single-active-consumer", "yes"),
        ("x-queue-mode", "foo"), ("x-queue-mode", .int32(3)), ("x-queue-type", "foo"), ("x-queue-type", "classic"),
        ("x-queue-version", .int32(5)), ("x-consumer-timeout", "a"), ("x-unknown", .int32(1)),
    ]

    /// Declaring a queue again, otherwise.
    static let redeclarations: [Scenario] = [
        again("durable", QueueDeclare(queue: "t.q", durable: true), QueueDeclare(queue: "t.q")),
        again("auto-delete", QueueDeclare(queue: "t.q"), QueueDeclare(queue: "t.q", autoDelete: true)),
        again("exclusive", QueueDeclare(queue: "t.q"), QueueDeclare(queue: "t.q", exclusive: true)),
        again("no longer exclusive", QueueDeclare(queue: "t.q", exclusive: true), QueueDeclare(queue: "t.q")),
        again(
            "durable and auto-delete",
            QueueDeclare(queue: "t.q"),
            QueueDeclare(queue: "t.q", durable: true, autoDelete: true)
        ),
        again(
            "auto-delete and arguments",
            QueueDeclare(queue: "t.q"),
            QueueDeclare(queue: "t.q", autoDelete: true, arguments: ["x-message-ttl": .int32(1)])
        ),
        other(nil, ("x-message-ttl", .int32(1000))), other(("x-message-ttl", .int32(1000)), nil),
        other(("x-message-ttl", .int32(1000)), ("x-message-ttl", .int32(2000))),
        other(("x-message-ttl", .int16(1000)), ("x-message-ttl", .int64(1000))),
        other(("x-dead-letter-exchange", "a"), ("x-dead-letter-exchange", "b")),
        other(nil, ("x-dead-letter-exchange", "b")), other(nil, ("x-single-active-consumer", true)),
        other(("x-max-priority", .int8(6)), ("x-max-priority", .int8(5))), other(nil, ("x-queue-mode", "lazy")),
        other(nil, ("x-overflow", "reject-publish")), other(nil, ("x-queue-type", "classic")),
        other(nil, ("x-unknown", .int32(1))),
    ]

    private static func again(_ name: String, _ old: QueueDeclare, _ new: QueueDeclare) -> Scenario {
        Scenario("redeclaration: \(name)", say(.queueDeclare(old)), say(.queueDeclare(new)))
    }

    private static func other(_ old: (String, FieldValue)?, _ new: (String, FieldValue)?) -> Scenario {
        func text(_ argument: (String, FieldValue)?) -> String { argument.map { "\($0.0) = \($0.1)" } ?? "none" }
        func table(_ argument: (String, FieldValue)?) -> FieldTable { argument.map { [$0.0: $0.1] } ?? [:] }
        return Scenario(
            "redeclaration: \(text(old)), then \(text(new))",
            declare("t.q", table(old)),
            declare("t.q", table(new))
        )
    }
}
