import AMQP

extension Scenario {
    /// What random operations found, after everything was taken out that is not needed for it.
    static let found: [Scenario] = [
        Scenario(
            "expired, but overtaking by its priority",
            declare("t.q", ["x-max-priority": .int32(1)]),
            publish("1"),
            publish("2", BasicProperties(priority: 2, expiration: "0")),
            count(),
            get(),
            get()
        ),
        Scenario(
            "published in a transaction to a queue that is gone",
            declare(),
            say(.txSelect),
            publish("1", mandatory: true),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            say(.txCommit)
        ),
        Scenario(
            "published in a transaction to a queue that is another one by now",
            declare(),
            say(.txSelect),
            publish("1", mandatory: true),
            say(.queueDelete(QueueDelete(queue: "t.q"))),
            declare(),
            say(.txCommit),
            get()
        ),
        Scenario(
            "a transaction that a full queue refuses in part",
            declare("t.q", ["x-max-length": .int32(1), "x-overflow": "reject-publish"]),
            say(.txSelect),
            publish("1"),
            publish("2"),
            publish("3"),
            say(.txCommit),
            say(.channelOpen).on(2),
            get().on(2),
            get().on(2)
        ),
        Scenario(
            "acknowledgements in a transaction that a full queue refuses",
            declare("t.q", ["x-max-length": .int32(1), "x-overflow": "reject-publish"]),
            publish("0"),
            get(noAck: false),
            say(.txSelect),
            ack(1),
            publish("1"),
            publish("2"),
            say(.txCommit),
            say(.channelOpen).on(2),
            get().on(2),
            get().on(2)
        ),
    ]
}
