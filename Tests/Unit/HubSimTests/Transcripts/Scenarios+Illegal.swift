import AMQP

extension Scenario {
    /// What clients must not do, and what RabbitMQ says to it.
    static let illegal: [Scenario] = [
        Scenario("exchange with a reserved name", exchange("amq.t", "direct")),
        Scenario(
            "exchange with a reserved name that is there",
            exchange("amq.direct", "direct"),
            exchange("amq.direct", "fanout")
        ),
        Scenario(
            "reserved exchange, as it is",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "amq.direct", type: "direct", durable: true)))
        ),
        Scenario("reserved exchange deleted", say(.exchangeDelete(ExchangeDelete(exchange: "amq.direct")))),
        Scenario(
            "reserved exchange that is not there deleted",
            say(.exchangeDelete(ExchangeDelete(exchange: "amq.none")))
        ),
        Scenario("default exchange declared", exchange("", "direct")),
        Scenario("default exchange deleted", say(.exchangeDelete(ExchangeDelete()))),
        Scenario(
            "default exchange, asked for",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "", type: "direct", passive: true)))
        ),
        Scenario(
            "exchange that is not there, passive",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", passive: true)))
        ),
        Scenario(
            "exchange of another type, passive",
            exchange("t.x", "direct"),
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "fanout", passive: true)))
        ),
        Scenario(
            "exchange of no type, passive",
            exchange("t.x", "direct"),
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "", passive: true)))
        ),
        Scenario("exchange of no type", exchange("t.x", "")),
        Scenario(
            "internal exchange published to",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "fanout", internal: true))),
            publish("1", "t.x", "")
        ),
        Scenario(
            "internal exchange bound to",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.y", type: "fanout", internal: true))),
            exchange("t.x", "fanout"),
            declare(),
            bind("t.q", "t.y"),
            say(.exchangeBind(ExchangeBind(destination: "t.y", source: "t.x"))),
            publish("1", "t.x", ""),
            get()
        ),
        Scenario(
            "exchange in use",
            exchange("t.x", "direct"),
            declare(),
            bind("t.q", "t.x", "k"),
            say(.exchangeDelete(ExchangeDelete(exchange: "t.x", ifUnused: true)))
        ),
        Scenario(
            "exchange that is bound to only, deleted if unused",
            exchange("t.x", "direct"),
            exchange("t.y", "fanout"),
            say(.exchangeBind(ExchangeBind(destination: "t.x", source: "t.y"))),
            say(.exchangeDelete(ExchangeDelete(exchange: "t.x", ifUnused: true)))
        ),
        Scenario(
            "exchange that is not there deleted",
            say(.exchangeDelete(ExchangeDelete(exchange: "t.x"))),
            say(.exchangeDelete(ExchangeDelete(exchange: "t.x", ifUnused: true)))
        ),
        Scenario(
            "auto-delete exchange unbound",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", autoDelete: true))),
            declare(),
            bind("t.q", "t.x", "k"),
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "t.x", routingKey: "k"))),
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", passive: true)))
        ),
        Scenario(
            "auto-delete exchange of a deleted queue",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", autoDelete: true))),
            declare(),
            bind("t.q", "t.x", "k"),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", passive: true)))
        ),
        Scenario(
            "same binding twice, unbound once",
            declare(),
            bind("t.q", "amq.direct", "k"),
            bind("t.q", "amq.direct", "k"),
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "amq.direct", routingKey: "k"))),
            publish("1", "amq.direct", "k", mandatory: true)
        ),
        Scenario(
            "unbound with other arguments",
            declare(),
            bind("t.q", "amq.direct", "k", ["a": .int32(1)]),
            say(
                .queueUnbind(
                    QueueUnbind(queue: "t.q", exchange: "amq.direct", routingKey: "k", arguments: ["a": .int32(2)])
                )
            ),
            publish("1", "amq.direct", "k", mandatory: true),
            get()
        ),
        Scenario(
            "unbound with arguments of another width",
            declare(),
            bind("t.q", "amq.direct", "k", ["a": .int32(1)]),
            say(
                .queueUnbind(
                    QueueUnbind(queue: "t.q", exchange: "amq.direct", routingKey: "k", arguments: ["a": .int64(1)])
                )
            ),
            publish("1", "amq.direct", "k", mandatory: true),
            get()
        ),
        Scenario(
            "two bindings, one message",
            declare(),
            bind("t.q", "amq.topic", "a.*"),
            bind("t.q", "amq.topic", "*.b"),
            publish("1", "amq.topic", "a.b"),
            count()
        ),
        Scenario("get from nowhere", get()), Scenario("get from an empty queue", declare(), get()),
        Scenario(
            "consume from the last queue",
            declare(),
            say(.basicConsume(BasicConsume(consumerTag: "t"))),
            publish("1")
        ),
        Scenario("consume from no last queue", say(.basicConsume(BasicConsume(consumerTag: "t")))),
        Scenario("purge of the last queue", declare(), publish("1"), say(.queuePurge(QueuePurge()))),
        Scenario("delete of the last queue", declare(), publish("1"), say(.queueDelete(QueueDelete()))),
        Scenario("last queue after it was deleted", declare(), say(.queueDelete(QueueDelete(queue: "t.q"))), get("")),
        Scenario("declared with no name, passively and first", count("")),
        Scenario(
            "unbind of the last queue",
            declare(),
            bind("", "amq.direct"),
            say(.queueUnbind(QueueUnbind(exchange: "amq.direct"))),
            publish("1", "amq.direct", "t.q", mandatory: true)
        ),
        Scenario(
            "delete if empty, with a message out",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.queueDelete(QueueDelete(queue: "t.q", ifEmpty: true)))
        ),
        Scenario(
            "delete if unused and empty, both wrong",
            declare(),
            publish("1"),
            consume("t"),
            publish("2"),
            say(.queueDelete(QueueDelete(queue: "t.q", ifUnused: true, ifEmpty: true)))
        ),
        Scenario(
            "acknowledged after the queue was deleted",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            ack(1)
        ),
        Scenario(
            "given back after the queue was deleted",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            nack(1, requeue: true),
            declare()
        ),
        Scenario(
            "cancelled with messages out",
            declare(),
            consume("t"),
            publishAll("1", "2"),
            say(.basicCancel(BasicCancel(consumerTag: "t"))),
            publish("3"),
            nack(2, multiple: true, requeue: true),
            get(),
            get(),
            get()
        ),
        Scenario(
            "prefetch changed under a consumer",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1))),
            consume("t"),
            publishAll("1", "2", "3"),
            say(.basicQos(BasicQos(prefetchCount: 3))),
            ack(1)
        ),
        Scenario(
            "prefetch of the channel taken away",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1, isGlobal: true))),
            consume("t"),
            publishAll("1", "2", "3"),
            say(.basicQos(BasicQos(prefetchCount: 0, isGlobal: true)))
        ),
        Scenario(
            "prefetch set late",
            declare(),
            consume("t"),
            publishAll("1", "2"),
            say(.basicQos(BasicQos(prefetchCount: 1, isGlobal: true))),
            publish("3"),
            ack(1),
            ack(2)
        ),
        Scenario(
            "prefetch and messages that were got",
            declare(),
            publishAll("1", "2", "3"),
            say(.basicQos(BasicQos(prefetchCount: 1, isGlobal: true))),
            get(noAck: false),
            consume("t"),
            ack(2)
        ),
        Scenario(
            "prefetch without acknowledgements",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1))),
            consume("t", noAck: true),
            publishAll("1", "2")
        ),
        Scenario(
            "recover of two queues",
            declare(),
            declare("t.r"),
            publish("1"),
            publish("2", "", "t.r"),
            get(noAck: false),
            get("t.r", noAck: false),
            say(.basicRecover(BasicRecover(requeue: true))),
            get(),
            get("t.r")
        ),
        Scenario(
            "recover-async",
            declare(),
            publish("1"),
            get(noAck: false),
            say(.basicRecoverAsync(BasicRecoverAsync(requeue: true))),
            get()
        ),
        Scenario(
            "rejects in a transaction, rolled back",
            declare(),
            publishAll("1", "2"),
            get(noAck: false),
            get(noAck: false),
            say(.txSelect),
            nack(2, multiple: true, requeue: true),
            say(.txRollback),
            ack(1),
            say(.txCommit),
            count()
        ),
        Scenario("tx.select twice", say(.txSelect), say(.txSelect), say(.txCommit)),
        Scenario(
            "a return in a transaction",
            say(.txSelect),
            publish("1", "", "t.none", mandatory: true),
            say(.txRollback)
        ),
        Scenario(
            "a closed transaction",
            declare(),
            say(.txSelect),
            publish("1"),
            closeChannel,
            say(.channelOpen),
            count()
        ),
        Scenario(
            "priority too high for the queue",
            declare("t.q", ["x-max-priority": .int32(2)]),
            publish("1", BasicProperties(priority: 2)),
            publish("2", BasicProperties(priority: 200)),
            get(),
            get()
        ),
        Scenario(
            "a message too large for its header",
            [
                .method(channel: 1, .basicPublish(BasicPublish(routingKey: "t.q"))),
                .header(channel: 1, ContentHeader(bodySize: 1 << 40, properties: BasicProperties())),
            ]
        ),
        Scenario(
            "more body than was said",
            [
                .method(channel: 1, .basicPublish(BasicPublish(routingKey: "t.q"))),
                .header(channel: 1, ContentHeader(bodySize: 1, properties: BasicProperties())),
                .body(channel: 1, [1, 2]),
            ]
        ),
        Scenario(
            "contents of two channels at once",
            declare() + say(.channelOpen).on(2),
            [
                .method(channel: 1, .basicPublish(BasicPublish(routingKey: "t.q"))),
                .method(channel: 2, .basicPublish(BasicPublish(routingKey: "t.q"))),
                .header(channel: 1, ContentHeader(bodySize: 1, properties: BasicProperties())),
                .header(channel: 2, ContentHeader(bodySize: 1, properties: BasicProperties())), .body(channel: 1, [49]),
                .body(channel: 2, [50]),
            ],
            count()
        ),
        Scenario(
            "basic.return by a client",
            say(.basicReturn(BasicReturn(replyCode: 312, replyText: "", exchange: "", routingKey: "")))
        ),
        Scenario("basic.get-empty by a client", say(.basicGetEmpty)),
        Scenario("channel.open-ok by a client", say(.channelOpenOk)),
        Scenario("channel.flow-ok by a client", say(.channelFlowOk(ChannelFlowOk(active: true)))),
        Scenario("heartbeat on an open connection", [.heartbeat], declare()),
        Scenario("nack in a confirming channel", say(.confirmSelect(ConfirmSelect())), nack(1, requeue: true)),
        Scenario(
            "publish to a queue that was deleted",
            declare(),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            publish("1", mandatory: true)
        ),
        Scenario(
            "exclusive, durable, auto-delete",
            say(.queueDeclare(QueueDeclare(queue: "t.q", durable: true, exclusive: true, autoDelete: true))),
            consume("t"),
            closeChannel,
            say(.channelOpen),
            count()
        ),
        Scenario(
            "e2e with keys",
            exchange("t.x", "topic"),
            exchange("t.y", "direct"),
            declare(),
            say(.exchangeBind(ExchangeBind(destination: "t.y", source: "t.x", routingKey: "a.*"))),
            bind("t.q", "t.y", "a.b"),
            publish("1", "t.x", "a.b", mandatory: true),
            publish("2", "t.x", "a.c", mandatory: true),
            publish("3", "t.x", "b.b", mandatory: true),
            count()
        ),
        Scenario(
            "e2e to itself",
            exchange("t.x", "fanout"),
            declare(),
            bind("t.q", "t.x"),
            say(.exchangeBind(ExchangeBind(destination: "t.x", source: "t.x"))),
            publish("1", "t.x", ""),
            count()
        ),
        Scenario(
            "alternate exchange in a circle",
            exchange("t.x", "direct", ["alternate-exchange": "t.y"]),
            exchange("t.y", "direct", ["alternate-exchange": "t.x"]),
            publish("1", "t.x", "k", mandatory: true)
        ),
        Scenario(
            "alternate exchange that is not there",
            exchange("t.x", "direct", ["alternate-exchange": "t.y"]),
            publish("1", "t.x", "k", mandatory: true)
        ),
        Scenario("alternate exchange that is a number", exchange("t.x", "direct", ["alternate-exchange": .int32(1)])),
        Scenario(
            "alternate exchange behind a bound one",
            exchange("t.y", "fanout"),
            exchange("t.z", "direct", ["alternate-exchange": "t.y"]),
            exchange("t.x", "fanout"),
            say(.exchangeBind(ExchangeBind(destination: "t.z", source: "t.x"))),
            declare(),
            bind("t.q", "t.y"),
            publish("1", "t.x", "", mandatory: true),
            get()
        ),
        Scenario(
            "CC to one queue twice",
            declare(),
            publish("1", "", "t.q", BasicProperties(headers: ["CC": ["t.q", "t.q"]])),
            count()
        ),
        Scenario(
            "direct reply",
            say(.basicConsume(BasicConsume(queue: "amq.rabbitmq.reply-to", consumerTag: "t", noAck: true))),
            say(.basicCancel(BasicCancel(consumerTag: "t"))),
            publish("m", "", "t.none", BasicProperties(replyTo: "amq.rabbitmq.reply-to"))
        ),
        Scenario("direct reply with the address of nobody", publish("m", "", "amq.rabbitmq.reply-to.xyz")),
        Scenario(
            "request and direct reply",
            declare(),
            say(.basicConsume(BasicConsume(queue: "amq.rabbitmq.reply-to", consumerTag: "t", noAck: true))),
            publish("m", BasicProperties(replyTo: "amq.rabbitmq.reply-to")),
            get()
        ),
        Scenario(
            "direct reply, exclusive",
            say(
                .basicConsume(
                    BasicConsume(queue: "amq.rabbitmq.reply-to", consumerTag: "t", noAck: true, exclusive: true)
                )
            )
        ),
        Scenario(
            "direct reply under a tag that is taken",
            declare(),
            consume("t"),
            say(.basicConsume(BasicConsume(queue: "amq.rabbitmq.reply-to", consumerTag: "t", noAck: true)))
        ),
    ]
}
