import AMQP

extension Scenario {
    static let channels: [Scenario] = [
        Scenario("channel opened twice", say(.channelOpen)),
        Scenario("channel closed and opened", closeChannel, say(.channelOpen), declare()),
        Scenario("method on a closed channel", on(7, .queueDeclare(QueueDeclare(queue: "t.q")))),
        Scenario(
            "close of a closed channel",
            on(7, .channelClose(ChannelClose(replyCode: 200, replyText: "", classID: 0, methodID: 0)))
        ),
        Scenario("close-ok of a closed channel", on(7, .channelCloseOk)),
        Scenario("channel 0 opened", on(0, .channelOpen)), Scenario("method on channel 0", on(0, .txSelect)),
        Scenario("channel 2047", on(2047, .channelOpen)), Scenario("channel 2048", on(2048, .channelOpen)),
        Scenario("flow stopped", say(.channelFlow(ChannelFlow(active: false)))),
        Scenario("flow started", say(.channelFlow(ChannelFlow(active: true)))),
        Scenario(
            "answer nobody asked for",
            say(.queueDeclareOk(QueueDeclareOk(queue: "", messageCount: 0, consumerCount: 0)))
        ),
        Scenario("cancel-ok nobody asked for", say(.basicCancelOk(BasicCancelOk(consumerTag: "t")))),
        Scenario(
            "start again",
            on(
                0,
                .connectionStartOk(
                    ConnectionStartOk(clientProperties: [:], mechanism: "PLAIN", response: [], locale: "")
                )
            )
        ),
        Scenario("open again", on(0, .connectionOpen(ConnectionOpen(virtualHost: "/")))),
        Scenario("tune again", on(0, .connectionTuneOk(ConnectionTuneOk(channelMax: 0, frameMax: 0, heartbeat: 0)))),
        Scenario("blocked by a client", on(0, .connectionBlocked(ConnectionBlocked(reason: "")))),
        Scenario("update-secret", on(0, .connectionUpdateSecret(ConnectionUpdateSecret(newSecret: [1], reason: "r")))),
        Scenario(
            "after a channel error",
            count("t.none") + declare(),
            say(.channelCloseOk),
            say(.channelOpen),
            count()
        ),
        Scenario("closes that cross", count("t.none") + closeChannel, say(.channelCloseOk), say(.channelOpen)),
        Scenario("access", say(.accessRequest(AccessRequest(realm: "/data", active: true)))),
    ]

    private static func on(_ channel: UInt16, _ method: AMQP.Method) -> Step { say(method).on(channel) }

    static let limits: [Scenario] = [
        Scenario(
            "priorities",
            declare("t.q", ["x-max-priority": .int32(9)]),
            [("1", 1), ("5", 5), ("9", 9), ("0", 0), ("5b", 5), ("20", 20)].map { text, priority in
                publish(text, BasicProperties(priority: UInt8(priority)))
            }.reduce([], +),
            get(),
            get(),
            get(),
            get(),
            get(),
            get()
        ),
        Scenario(
            "length",
            declare("t.q", ["x-max-length": .int32(2)]),
            publishAll("1", "2", "3", "4"),
            get(),
            get(),
            get()
        ),
        Scenario(
            "bytes",
            declare("t.q", ["x-max-length-bytes": .int32(6)]),
            publishAll("1", "22", "333", "4444", "55555"),
            get(),
            get()
        ),
        Scenario("no time to live", declare(), publish("1", BasicProperties(expiration: "0")), get()),
        Scenario("no time to live, consumer", declare(), consume("t"), publish("1", BasicProperties(expiration: "0"))),
    ]

    static let deadLetters: [Scenario] = [
        Scenario(
            "rejected",
            declare("t.dead"),
            exchange("t.x", "fanout"),
            bind("t.dead", "t.x"),
            declare("t.q", ["x-dead-letter-exchange": "t.x"]),
            publish("1", BasicProperties(headers: ["h": .int32(1)], expiration: "60000")),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead")
        ),
        Scenario(
            "expired",
            declare("t.dead"),
            declare(
                "t.q",
                ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead", "x-message-ttl": .int32(0)]
            ),
            publish("1", BasicProperties(headers: ["CC": ["t.none"]])),
            get("t.dead")
        ),
        Scenario(
            "pushed out",
            declare("t.dead"),
            declare(
                "t.q",
                ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead", "x-max-length": .int32(1)]
            ),
            publishAll("1", "2"),
            get("t.dead"),
            get()
        ),
        Scenario(
            "refused",
            declare("t.dead"),
            declare(
                "t.q",
                [
                    "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead", "x-max-length": .int32(1),
                    "x-overflow": "reject-publish-dlx",
                ]
            ),
            publishAll("1", "2"),
            get("t.dead"),
            get()
        ),
        Scenario(
            "rejected again and again",
            declare("t.q", ["x-dead-letter-exchange": ""]),
            publish("1"),
            get(noAck: false),
            nack(1, requeue: false),
            get(noAck: false),
            nack(2, requeue: false),
            get()
        ),
        Scenario(
            "round by itself",
            declare("t.q", ["x-dead-letter-exchange": "", "x-message-ttl": .int32(0)]),
            publish("1"),
            count()
        ),
    ]

    /// Frames where they do not belong. Octets that are no frames are tried elsewhere: RabbitMQ's words for them are
    /// Erlang's.
    static let frames: [Scenario] = [
        Scenario("header without a method", [header(0)]), Scenario("body without a method", [.body(channel: 1, [1])]),
        Scenario(
            "header on a closed channel",
            [.header(channel: 5, ContentHeader(bodySize: 0, properties: BasicProperties()))]
        ),
        Scenario("method instead of header", [start, start]),
        Scenario("body instead of header", [start, .body(channel: 1, [1])]),
        Scenario("method instead of body", [start, header(1), start]),
        Scenario("header instead of body", [start, header(1), header(1)]),
        Scenario(
            "pieces",
            declare(),
            [start, header(3), .body(channel: 1, [49]), .body(channel: 1, []), .body(channel: 1, [50, 51])],
            get()
        ),
    ]

    private static let start = Frame.method(channel: 1, .basicPublish(BasicPublish(routingKey: "t.q")))
    private static func header(_ size: UInt64) -> Frame {
        .header(channel: 1, ContentHeader(bodySize: size, properties: BasicProperties()))
    }
}
