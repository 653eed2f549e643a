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
        )
    ]
}
