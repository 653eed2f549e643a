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
    ]
}
