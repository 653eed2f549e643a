import AMQP

extension Scenario {
    /// Names are octets: what Unicode calls the same text are two names.
    static let names: [Scenario] = [
        Scenario(
            "queues that Unicode takes for one",
            declare(composed),
            declare(decomposed),
            publish("1", "", composed),
            count(composed),
            count(decomposed)
        ),
        Scenario("a queue that only Unicode finds", declare(composed), count(decomposed)),
        Scenario(
            "exchanges that Unicode takes for one",
            declare(),
            bind("t.q", "amq.direct", composed),
            publish("1", "amq.direct", decomposed, mandatory: true),
            publish("2", "amq.direct", composed, mandatory: true)
        ),
        Scenario(
            "topics that Unicode takes for one",
            declare(),
            bind("t.q", "amq.topic", "a.\(composed)"),
            publish("1", "amq.topic", "a.\(decomposed)", mandatory: true),
            publish("2", "amq.topic", "a.\(composed)", mandatory: true)
        ),
        Scenario(
            "a dot with a mark is a dot",
            declare(),
            bind("t.q", "amq.topic", "a.*"),
            publish("1", "amq.topic", "a.\u{301}b", mandatory: true)
        ),
        Scenario(
            "headers that Unicode takes for one",
            declare(),
            bind("t.q", "amq.headers", "", ["h": .string(composed)]),
            publish("1", "amq.headers", "", mandatory: true, BasicProperties(headers: ["h": .string(decomposed)]))
        ),
        Scenario(
            "names of headers that Unicode takes for one",
            declare(),
            bind("t.q", "amq.headers", "", [composed: "v"]),
            publish("1", "amq.headers", "", mandatory: true, BasicProperties(headers: [decomposed: "v"]))
        ),
        Scenario(
            "consumers that Unicode takes for one",
            declare(),
            consume(composed),
            consume(decomposed),
            say(.basicCancel(BasicCancel(consumerTag: decomposed))),
            publish("1")
        ),
        Scenario(
            "arguments that Unicode takes for one",
            declare("t.q", ["x-dead-letter-exchange": .string(composed)]),
            declare("t.q", ["x-dead-letter-exchange": .string(decomposed)])
        ),
        Scenario("a long name", declare(long), count(long), say(.queueDelete(QueueDelete(queue: long)))),
    ]

    private static let composed = "t.\u{E9}"
    private static let decomposed = "t.e\u{301}"
    private static let long = "t." + String(repeating: "x", count: 253)
}
