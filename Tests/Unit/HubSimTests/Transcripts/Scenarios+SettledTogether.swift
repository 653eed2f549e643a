import AMQP

extension Scenario {
    /// Many deliveries are settled at once, of several consumers: in what order, and whom that serves.
    static let settledTogether: [Scenario] = [
        Scenario(
            "requeued together: consumer by consumer",
            declare(),
            consume("c3"),
            consume("c2"),
            publish("1"),
            publish("2"),
            nack(2, multiple: true, requeue: true)
        ),
        Scenario(
            "requeued together: tags by their octets",
            declare(),
            consume("c9"),
            consume("c10"),
            publish("1"),
            publish("2"),
            nack(2, multiple: true, requeue: true)
        ),
        Scenario(
            "recovered: consumer by consumer",
            declare(),
            consume("c3"),
            consume("c2"),
            publish("1"),
            publish("2"),
            say(.basicRecover(BasicRecover(requeue: true)))
        ),
        Scenario(
            "requeued together: polled ones one by one, before consumers",
            declare(),
            publishAll("1", "2"),
            get(noAck: false),
            get(noAck: false),
            consume("c2"),
            consume("c1"),
            publish("3"),
            publish("4"),
            nack(4, multiple: true, requeue: true)
        ),
        Scenario(
            "requeued together: of a consumer that is gone",
            declare(),
            consume("c3"),
            consume("c2"),
            publish("1"),
            publish("2"),
            say(.basicCancel(BasicCancel(consumerTag: "c3"))),
            consume("c1"),
            nack(2, multiple: true, requeue: true)
        ),
        Scenario(
            "acknowledged together: consumer by consumer",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 1))),
            consume("c3"),
            consume("c2"),
            publishAll("1", "2", "3", "4"),
            ack(2, multiple: true)
        ),
        Scenario(
            "requeued together, to one that could not take",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 2))),
            consume("c1"),
            publish("1"),
            publish("2"),
            say(.channelOpen).on(2),
            consume("c2").on(2),
            publish("3"),
            nack(2, multiple: true, requeue: true)
        ),
        Scenario(
            "acknowledged together, under the limit of the channel",
            declare(),
            say(.basicQos(BasicQos(prefetchCount: 2, isGlobal: true))),
            consume("c3"),
            consume("c2"),
            publishAll("1", "2", "3", "4"),
            ack(2, multiple: true)
        ),
        Scenario(
            "requeued in a transaction, one by one",
            declare(),
            consume("c3"),
            consume("c2"),
            publish("1"),
            publish("2"),
            say(.txSelect),
            nack(1, requeue: true),
            nack(2, requeue: true),
            say(.txCommit)
        ),
        Scenario(
            "rejected in a transaction, the last first",
            declare("t.s"),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.s"]),
            consume("c1"),
            publish("1"),
            publish("2"),
            say(.txSelect),
            nack(2, requeue: false),
            nack(1, requeue: false),
            say(.txCommit),
            get("t.s"),
            get("t.s")
        ),
        Scenario(
            "rejected together: consumer by consumer",
            declare("t.s"),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.s"]),
            consume("c3"),
            consume("c2"),
            publish("1"),
            publish("2"),
            nack(2, multiple: true, requeue: false),
            get("t.s"),
            get("t.s")
        ),
    ]
}
