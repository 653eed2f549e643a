import AMQP

extension Scenario {
    static let publishing: [Scenario] =
        ["abc", "12x", "", "-1", "1.5", "0", "+60000", " 5", "4294967296", "0060000", "315360000001"].map {
            (text: String) in
            Scenario("expiration '\(text)'", declare(), publish("m", BasicProperties(expiration: text)), count())
        } + [
            Scenario("publish to no exchange", publish("m", "t.x", "k")),
            Scenario("publish to the trace", publish("m", "amq.rabbitmq.trace", "k")),
            Scenario("mandatory", publish("m", "", "t.none", mandatory: true)),
            Scenario("immediate", publish("m", "", "t.none", immediate: true)),
            Scenario("another user's message", publish("m", "", "t.none", BasicProperties(userID: "bob"))),
            Scenario("one's own message", declare(), publish("m", BasicProperties(userID: "guest")), get()),
            Scenario("CC that is no array", publish("m", "", "t.none", BasicProperties(headers: ["CC": "a"]))),
            Scenario("BCC that is no array", publish("m", "", "t.none", BasicProperties(headers: ["BCC": .int32(5)]))),
            Scenario(
                "CC of something else",
                publish("m", "", "t.none", BasicProperties(headers: ["CC": ["a", .int32(5)]]))
            ),
            Scenario(
                "copies",
                declare(),
                declare("t.r"),
                publish("m", "", "t.none", BasicProperties(headers: ["CC": ["t.r"], "BCC": ["t.q"]])),
                get(),
                get("t.r")
            ),
            Scenario("no body", declare(), publish("", BasicProperties(headers: [:])), get()),
            Scenario(
                "all properties",
                declare(),
                publish(
                    "m",
                    BasicProperties(
                        contentType: "text/plain",
                        contentEncoding: "utf-8",
                        headers: ["a": .int32(1), "b": ["c": true]],
                        deliveryMode: 2,
                        priority: 3,
                        correlationID: "c",
                        replyTo: "r",
                        expiration: "60000",
                        messageID: "m",
                        timestamp: 5,
                        type: "t",
                        appID: "a",
                        clusterID: "x"
                    )
                ),
                get()
            ),
            Scenario(
                "confirms",
                declare(),
                say(.confirmSelect(ConfirmSelect())),
                publish("1"),
                publish("2", "", "t.none"),
                publish("3", "", "t.none", mandatory: true),
                publish("4", "t.x", "k")
            ),
            Scenario(
                "a full queue",
                declare("t.q", ["x-max-length": .int32(1), "x-overflow": "reject-publish"]),
                say(.confirmSelect(ConfirmSelect())),
                publish("1"),
                publish("2"),
                count()
            ),
            Scenario("confirms twice", say(.confirmSelect(ConfirmSelect())), say(.confirmSelect(ConfirmSelect()))),
            Scenario("confirms, then transactions", say(.confirmSelect(ConfirmSelect())), say(.txSelect)),
            Scenario("transactions, then confirms", say(.txSelect), say(.confirmSelect(ConfirmSelect()))),
            Scenario("commit without a transaction", say(.txCommit)),
            Scenario("rollback without a transaction", say(.txRollback)),
            Scenario("a commit", declare(), say(.txSelect), publish("1"), get(), say(.txCommit), get()),
            Scenario("a rollback", declare(), say(.txSelect), publish("1"), say(.txRollback), get()),
            Scenario(
                "a return at the commit",
                say(.txSelect),
                publish("1", "", "t.none", mandatory: true),
                say(.txCommit)
            ),
            Scenario("a transaction to no exchange", say(.txSelect), publish("1", "t.x", "k")),
            Scenario(
                "acknowledgements rolled back",
                declare(),
                publish("1"),
                get(noAck: false),
                say(.txSelect),
                ack(1),
                say(.txRollback),
                ack(1),
                say(.txCommit),
                count()
            ),
            Scenario(
                "acknowledged twice in a transaction",
                declare(),
                publish("1"),
                get(noAck: false),
                say(.txSelect),
                ack(1),
                ack(1)
            ),
        ]

    static let routing: [Scenario] =
        topics.map { pattern, keys in
            let publishes = keys.map { publish($0 + "!", "amq.topic", $0, mandatory: true) }
            return Scenario(
                "topic '\(pattern)'",
                steps: [declare(), bind("t.q", "amq.topic", pattern)] + publishes + [count()]
            )
        }
        + headers.enumerated().map { index, headers in
            let publishes = headers.1.map {
                publish("m", "amq.headers", "", mandatory: true, BasicProperties(headers: $0))
            }
            return Scenario(
                "headers \(index)",
                steps: [declare(), bind("t.q", "amq.headers", "", headers.0)] + publishes + [count()]
            )
        } + [
            Scenario(
                "alternate exchange",
                exchange("t.y", "fanout"),
                exchange("t.x", "direct", ["alternate-exchange": "t.y"]),
                publish("1", "t.x", "k", mandatory: true),
                declare(),
                bind("t.q", "t.y"),
                publish("2", "t.x", "k", mandatory: true),
                get()
            ),
            Scenario(
                "exchanges in a circle",
                exchange("t.x", "fanout"),
                exchange("t.y", "fanout"),
                declare(),
                say(.exchangeBind(ExchangeBind(destination: "t.y", source: "t.x"))),
                say(.exchangeBind(ExchangeBind(destination: "t.x", source: "t.y"))),
                bind("t.q", "t.x"),
                bind("t.q", "t.y"),
                publish("1", "t.x", "", mandatory: true),
                get(),
                get()
            ),
        ]

    private static let topics: [(String, [String])] = [
        ("#", ["", "a", "a.b"]), ("*", ["", "a", "a.b"]), ("a.*.c", ["a.b.c", "a.c", "a..c"]),
        ("a.#.c", ["a.c", "a.b.c", "a.b.b.c", "a"]), ("#.a.#", ["a", "b.a", "b.a.c", "b"]), ("*.#", ["", "a"]),
        ("a.", ["a.", "a"]), ("", ["", "a"]), ("#.#", ["", "a", "a.b"]), ("a.#", ["a", "a.", "a.b.c", "ab"]),
    ]

    private static let headers: [(FieldTable, [FieldTable?])] = [
        (
            ["x-match": "all", "a": .int32(1), "b": "x"],
            [
                ["a": .int8(1), "b": "x"], ["a": .int32(1)], ["a": .int32(1), "b": "x", "c": .int32(2)],
                ["a": "1", "b": "x"],
            ]
        ),
        (
            ["x-match": "any", "a": .int32(1), "b": "x"],
            [["a": .int32(1)], ["b": "y"], [:], nil, ["b": "x"]]
        ),
        ([:], [[:], ["a": .int32(1)], nil]), (["x-match": "any"], [[:], ["a": .int32(1)]]),
        (["a": .void], [["a": .int32(5)], ["b": .int32(5)]]),
        (["x-a": .int32(1)], [[:], ["x-a": .int32(1)], ["x-a": .int32(2)]]),
        (["x-match": "all-with-x", "x-a": .int32(1)], [[:], ["x-a": .int32(1)], ["x-a": .int32(2)]]),
        (
            ["x-match": "any-with-x", "x-a": .int32(1), "b": .int32(1)],
            [[:], ["x-a": .int32(1)], ["x-a": .int32(2), "b": .int32(1)]]
        ),
        (["a": true], [["a": true], ["a": .int32(1)], ["a": "true"]]),
        (["a": .double(1)], [["a": .int32(1)], ["a": .float(1)], ["a": .int32(2)]]),
        (["a": .timestamp(5)], [["a": .timestamp(5)], ["a": .int32(5)]]),
        (["a": ["b"]], [["a": ["b"]], ["a": ["c"]]]),
        (["x-match": "any", "x-a": .int32(1)], [["x-a": .int32(1)], [:]]),
    ]
}
