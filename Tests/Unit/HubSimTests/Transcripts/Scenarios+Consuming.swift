import AMQP

extension Scenario {
    static let consuming: [Scenario] = [
        Scenario("consume from nowhere", consume("t")),
        Scenario("consumer tag twice", declare(), consume("t"), consume("t")),
        Scenario(
            "consumer tag twice, from nowhere",
            declare(),
            consume("t"),
            say(.basicConsume(BasicConsume(queue: "t.none", consumerTag: "t")))
        ),
        Scenario("exclusive consumer too late", declare(), consume("s"), consume("t", exclusive: true)),
        Scenario("exclusive consumer first", declare(), consume("s", exclusive: true), consume("t")),
        Scenario("consumer tag of the server's", declare(), consume("")),
        Scenario("cancel what is not there", say(.basicCancel(BasicCancel(consumerTag: "t")))),
        Scenario("priority that is no number", declare(), consume("t", ["x-priority": "a"])),
        Scenario("prefetch size", say(.basicQos(BasicQos(prefetchSize: 5)))),
        Scenario(
            "prefetch",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 2))),
            consume("t"),
            publishAll("1", "2", "3", "4"),
            ack(1),
            ack(3, multiple: true)
        ),
        Scenario(
            "prefetch of the channel",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1, isGlobal: true))),
            consume("s"),
            consume("t"),
            publishAll("1", "2", "3"),
            ack(1),
            say(.basicQos(BasicQos(prefetchCount: 5, isGlobal: true)))
        ),
        Scenario(
            "prefetch of the channel, used up beside a consumer without acknowledgements",
            declare(),
            say(.basicConsume(BasicConsume(queue: "t.q", consumerTag: "s", noAck: true))),
            say(.basicQos(BasicQos(prefetchCount: 1, isGlobal: true))),
            consume("t"),
            publishAll("1", "2", "3", "4"),
            ack(2)
        ),
        Scenario(
            "turns",
            declare(),
            consume("r"),
            consume("s"),
            consume("t"),
            publishAll("1", "2", "3", "4", "5", "6", "7")
        ),
        Scenario(
            "single active consumer",
            declare("t.q", ["x-single-active-consumer": true]),
            consume("s"),
            consume("t"),
            publishAll("1", "2"),
            say(.basicCancel(BasicCancel(consumerTag: "s"))),
            publish("3")
        ),
        Scenario(
            "priorities of consumers",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1))),
            consume("low"),
            consume("high", ["x-priority": .int32(10)]),
            publish("1"),
            publish("2"),
            ack(1),
            publish("3")
        ),
        Scenario("direct reply with acknowledgements", directReply("t", noAck: false)),
        Scenario("direct reply twice", directReply("s"), directReply("t")),
        Scenario("direct reply to nobody", publish("m", BasicProperties(replyTo: "amq.rabbitmq.reply-to"))),
        Scenario("direct reply, passive", count("amq.rabbitmq.reply-to")),
        Scenario("direct reply, declared", declare("amq.rabbitmq.reply-to")),
        Scenario("direct reply of nobody, passive", count("amq.rabbitmq.reply-to.x")),
        Scenario("reply to nobody", publish("m", "", "amq.rabbitmq.reply-to.x", mandatory: true)),
        Scenario("getting from direct reply", get("amq.rabbitmq.reply-to")),
        Scenario("deleting direct reply", say(.queueDelete(QueueDelete(queue: "amq.rabbitmq.reply-to")))),
        Scenario("binding direct reply", bind("amq.rabbitmq.reply-to", "amq.direct", "k")),
    ]

    private static func directReply(_ tag: String, noAck: Bool = true) -> Step {
        say(.basicConsume(BasicConsume(queue: "amq.rabbitmq.reply-to", consumerTag: tag, noAck: noAck)))
    }

    static let settling: [Scenario] = [
        Scenario("unknown tag: ack", ack(1)), Scenario("unknown tag: ack multiple", ack(5, multiple: true)),
        Scenario("all of none", ack(0, multiple: true), nack(0, multiple: true, requeue: true)),
        Scenario("tag 0", ack(0)), Scenario("unknown tag: nack", nack(3, requeue: true)),
        Scenario("unknown tag: reject", say(.basicReject(BasicReject(deliveryTag: 2, requeue: true)))),
        Scenario("acknowledged twice", declare(), publish("1"), get(noAck: false), ack(1), ack(1)),
        Scenario("acknowledged without need", declare(), publish("1"), get(), ack(1)),
        Scenario("recover without requeue", say(.basicRecover(BasicRecover(requeue: false)))),
        Scenario("recover-async without requeue", say(.basicRecoverAsync(BasicRecoverAsync(requeue: false)))),
        Scenario(
            "recover",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.basicRecover(BasicRecover(requeue: true))),
            get()
        ),
        Scenario(
            "recover to a consumer",
            declare(),
            consume("t"),
            publishAll("1", "2"),
            say(.basicRecover(BasicRecover(requeue: true)))
        ),
        Scenario(
            "given back to its place",
            declare(),
            publishAll("1", "2", "3"),
            get(noAck: false),
            get(noAck: false),
            nack(1, requeue: true),
            nack(2, requeue: true),
            get(),
            get(),
            get()
        ),
        Scenario(
            "given back to a consumer",
            declare(),
            publish("1"),
            get(noAck: false),
            publish("2"),
            consume("t"),
            nack(1, requeue: true)
        ),
        Scenario(
            "rejected and acknowledged",
            declare(),
            publishAll("1", "2", "3"),
            consume("t"),
            nack(2, requeue: true),
            ack(1),
            ack(0, multiple: true),
            count()
        ),
        Scenario(
            "given back by a closed channel",
            declare(),
            publish("1"),
            get(noAck: false),
            closeChannel,
            say(.channelOpen),
            get()
        ),
    ]
}
