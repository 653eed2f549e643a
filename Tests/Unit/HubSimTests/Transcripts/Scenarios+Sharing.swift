import AMQP

extension Scenario {
    private static let mine = say(.queueDeclare(QueueDeclare(queue: "t.q", exclusive: true)))
    private static let farewell = say(
        .connectionClose(ConnectionClose(replyCode: 200, replyText: "bye", classID: 0, methodID: 0))
    ).on(0)

    /// Two connections, or two channels, and what one means to the other.
    static let sharing: [Scenario] = withExclusiveQueue + betweenConnections

    private static let withExclusiveQueue: [Scenario] = uses.map { name, step in
        Scenario("another's exclusive queue \(name)", mine, step.by("b"))
    }

    private static let uses: [(String, Step)] = [
        ("declared", declare()), ("declared passively", count()),
        ("bound", bind("t.q", "amq.direct")),
        ("unbound", say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "amq.direct")))),
        ("purged", say(.queuePurge(QueuePurge(queue: "t.q")))),
        ("deleted", say(.queueDelete(QueueDelete(queue: "t.q")))), ("got from", get()), ("consumed", consume("t")),
        ("declared as exclusive", mine),
    ]

    private static let betweenConnections: [Scenario] = [
        Scenario("another's exclusive queue published to", mine, publish("1").by("b"), count(), get()),
        Scenario("exclusive queue ends with its connection", mine.by("b"), farewell.by("b"), declare()),
        Scenario(
            "one's own exclusive queue on another channel",
            mine,
            say(.channelOpen).on(2),
            declare().on(2),
            count().on(2)
        ),
        Scenario(
            "unacknowledged messages of a closed connection",
            declare(),
            publishAll("1", "2", "3"),
            get(noAck: false).by("b"),
            get(noAck: false).by("b"),
            farewell.by("b"),
            get(),
            get(),
            get()
        ),
        Scenario(
            "queue deleted under consumers",
            declare(),
            consume("t").by("b"),
            say(.queueDelete(QueueDelete(queue: "t.q")))
        ),
        Scenario(
            "queue deleted under a consumer without the capability",
            clients: ["b": .withoutCapabilities],
            declare(),
            consume("t").by("b"),
            say(.queueDelete(QueueDelete(queue: "t.q")))
        ),
        Scenario(
            "consumers of two connections in turn",
            declare(),
            consume("s"),
            consume("t").by("b"),
            publish("1"),
            publish("2"),
            publish("3"),
            publish("4")
        ),
        Scenario(
            "given back from one consumer to the other",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1))),
            say(.basicQos(BasicQos(prefetchCount: 1))).by("b"),
            consume("s"),
            consume("t").by("b"),
            publish("1"),
            publish("2"),
            publish("3"),
            nack(1, requeue: true),
            ack(1).by("b")
        ),
        Scenario(
            "exclusive consumer of another",
            declare(),
            consume("s", exclusive: true),
            consume("t").by("b"),
            consume("t", exclusive: true).by("b")
        ),
        Scenario(
            "single active consumer of a closed channel",
            declare("t.q", ["x-single-active-consumer": true]),
            consume("s"),
            consume("t").by("b"),
            publishAll("1", "2"),
            closeChannel,
            publish("3").by("b")
        ),
        Scenario(
            "exclusive with a single active consumer",
            declare("t.q", ["x-single-active-consumer": true]),
            consume("s", exclusive: true)
        ),
        Scenario(
            "same consumer tag on two channels",
            declare(),
            say(.channelOpen).on(2),
            consume("t"),
            consume("t").on(2),
            publish("1"),
            publish("2")
        ),
        Scenario(
            "acknowledged on another channel",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.channelOpen).on(2),
            ack(1).on(2),
            get().on(2)
        ),
        Scenario("an error on one channel leaves the other", say(.channelOpen).on(2), count("t.none"), declare().on(2)),
        Scenario(
            "an error of the connection ends all channels",
            say(.channelOpen).on(2),
            publish("1", immediate: true),
            count()
        ),
        Scenario(
            "one's own confirms",
            declare(),
            say(.channelOpen).on(2),
            say(.confirmSelect(ConfirmSelect())).on(2),
            publish("1"),
            publish("2").on(2),
            publish("3").on(2)
        ),
        Scenario("no-wait, all of them", unanswered),
        Scenario("no-wait and an error", say(.queueDeclare(QueueDeclare(queue: "amq.t", noWait: true)))),
    ]

    private static let unanswered =
        say(
            .queueDeclare(QueueDeclare(queue: "t.q", noWait: true)),
            .exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "fanout", noWait: true)),
            .exchangeDeclare(ExchangeDeclare(exchange: "t.y", type: "fanout", noWait: true)),
            .exchangeBind(ExchangeBind(destination: "t.y", source: "t.x", noWait: true)),
            .queueBind(QueueBind(queue: "t.q", exchange: "t.y", noWait: true)),
            .exchangeUnbind(ExchangeUnbind(destination: "t.y", source: "t.x", noWait: true)),
            .queuePurge(QueuePurge(queue: "t.q", noWait: true)),
            .confirmSelect(ConfirmSelect(noWait: true)),
            .basicConsume(BasicConsume(queue: "t.q", consumerTag: "t", noWait: true)),
            .basicCancel(BasicCancel(consumerTag: "t", noWait: true)),
            .exchangeDelete(ExchangeDelete(exchange: "t.x", noWait: true)),
            .queueDelete(QueueDelete(queue: "t.q", noWait: true)),
            .basicQos(BasicQos(prefetchCount: 1))
        )
}
