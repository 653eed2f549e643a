import AMQP

extension Scenario {
    /// Every argument of a queue once more with another value, of the same and of another type.
    static let equivalences: [Scenario] = redeclared + ofOtherTypes

    private static let values: [(String, FieldValue, FieldValue)] = [
        ("x-expires", .int32(60_000), .int32(60_001)), ("x-message-ttl", .int32(60_000), .int32(60_001)),
        ("x-max-length", .int32(5), .int32(6)), ("x-max-length-bytes", .int32(5), .int32(6)),
        ("x-max-priority", .int32(5), .int32(6)), ("x-overflow", "drop-head", "reject-publish"),
        ("x-queue-mode", "default", "lazy"), ("x-single-active-consumer", true, false),
        ("x-queue-version", .int32(1), .int32(2)), ("x-unknown", .int32(1), "a"),
        ("x-consumer-timeout", .int32(100_000), .int32(200_000)),
        ("x-queue-master-locator", "min-masters", "client-local"),
    ]

    private static let redeclared: [Scenario] = values.flatMap { name, first, second in
        let changes: [(String, FieldValue?, FieldValue?)] = [
            ("is not there", nil, first), ("is there no more", first, nil), ("is another", first, second),
            ("is the same", first, first),
        ]
        return changes.map { what, old, new in
            Scenario(
                "declared again: \(name) \(what)",
                declare("t.q", old.map { [name: $0] } ?? [:]),
                declare("t.q", new.map { [name: $0] } ?? [:])
            )
        }
    }

    private static let ofOtherTypes: [Scenario] = [
        wide("int8", .int8(5)), wide("uint8", .uint8(5)), wide("int16", .int16(5)), wide("uint16", .uint16(5)),
        wide("uint32", .uint32(5)),
        wide("int64", .int64(5)), wide("float", .float(5)), wide("double", .double(5)), wide("string", "5"),
        wide("bool", true),
        wide("timestamp", .timestamp(5)), wide("decimal", .decimal(DecimalValue(scale: 0, value: 5))),
        wide("void", .void), wide("array", [.int32(5)]), wide("table", ["a": .int32(5)]), wide("bytes", .bytes([53])),
        Scenario(
            "dead-letter exchange of another name",
            declare("t.q", ["x-dead-letter-exchange": "a"]),
            declare("t.q", ["x-dead-letter-exchange": "b"])
        ),
        Scenario(
            "dead-letter key of another name",
            declare("t.q", ["x-dead-letter-exchange": "a", "x-dead-letter-routing-key": "b"]),
            declare("t.q", ["x-dead-letter-exchange": "a", "x-dead-letter-routing-key": "c"])
        ),
        Scenario(
            "dead-letter key no more",
            declare("t.q", ["x-dead-letter-exchange": "a", "x-dead-letter-routing-key": "b"]),
            declare("t.q", ["x-dead-letter-exchange": "a"])
        ),
        Scenario("dead-letter exchange as bytes", declare("t.q", ["x-dead-letter-exchange": .bytes([97])])),
        Scenario("single active consumer as a number", declare("t.q", ["x-single-active-consumer": .int32(1)])),
        Scenario("queue mode of another case", declare("t.q", ["x-queue-mode": "Lazy"])),
        Scenario("two wrong arguments", declare("t.q", ["x-max-length": "a", "x-expires": "b"])),
        Scenario("overflow that classic queues do not know", declare("t.q", ["x-overflow": "reject-publish-x"])),
        Scenario("max-age", declare("t.q", ["x-max-age": "1h"])),
        Scenario("group size", declare("t.q", ["x-quorum-initial-group-size": .int32(3)])),
        Scenario("delivery limit", declare("t.q", ["x-delivery-limit": .int32(3)])),
        Scenario("segment size", declare("t.q", ["x-stream-max-segment-size-bytes": .int32(3)])),
        Scenario("in-memory length", declare("t.q", ["x-max-in-memory-length": .int32(3)])),
        Scenario("dead-letter strategy", declare("t.q", ["x-dead-letter-strategy": "at-most-once"])),
        Scenario(
            "exchange argument that nobody knows",
            exchange("t.x", "direct", ["x-unknown": .int32(1)]),
            exchange("t.x", "direct")
        ),
        Scenario(
            "alternate exchange of another name",
            exchange("t.x", "direct", ["alternate-exchange": "a"]),
            exchange("t.x", "direct", ["alternate-exchange": "b"])
        ),
        Scenario(
            "alternate exchange no more",
            exchange("t.x", "direct", ["alternate-exchange": "a"]),
            exchange("t.x", "direct")
        ),
        Scenario("consumer priority as a double", declare(), consume("t", ["x-priority": .double(1)])),
        Scenario("consumer timeout as text", declare(), consume("t", ["x-consumer-timeout": "a"])),
        Scenario("x-cancel-on-ha-failover", declare(), consume("t", ["x-cancel-on-ha-failover": true])),
        Scenario("stream offset on a classic queue", declare(), consume("t", ["x-stream-offset": "first"])),
        Scenario(
            "no-local",
            declare(),
            say(.basicConsume(BasicConsume(queue: "t.q", consumerTag: "t", noLocal: true))),
            publish("1")
        ),
    ]

    private static func wide(_ name: String, _ value: FieldValue) -> Scenario {
        Scenario(
            "length 5, then as \(name)",
            declare("t.q", ["x-max-length": .int32(5)]),
            declare("t.q", ["x-max-length": value])
        )
    }

    /// A dead letter's story: what is written down, and how far it goes.
    static let deaths: [Scenario] = [
        Scenario(
            "dead letters of two reasons",
            declare("t.dead", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.q"]),
            declare(
                "t.q",
                ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead", "x-max-length": .int32(1)]
            ),
            publishAll("1", "2"),
            get("t.dead", noAck: false),
            nack(1, requeue: false),
            get("t.dead"),
            get()
        ),
        Scenario(
            "dead letters with copies",
            declare("t.dead"),
            declare("t.r"),
            exchange("t.x", "direct"),
            bind("t.dead", "t.x", "t.q"),
            bind("t.r", "t.x", "cc"),
            bind("t.r", "t.x", "bcc"),
            declare("t.q", ["x-dead-letter-exchange": "t.x"]),
            publish("1", BasicProperties(headers: ["CC": ["cc"], "BCC": ["bcc"]])),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead"),
            get("t.r"),
            get("t.r")
        ),
        Scenario(
            "dead letters with copies and a new key",
            declare("t.dead"),
            declare("t.r"),
            exchange("t.x", "direct"),
            bind("t.dead", "t.x", "n"),
            bind("t.r", "t.x", "cc"),
            declare("t.q", ["x-dead-letter-exchange": "t.x", "x-dead-letter-routing-key": "n"]),
            publish("1", BasicProperties(headers: ["CC": ["cc"]])),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead"),
            get("t.r")
        ),
        Scenario(
            "dead letters to nowhere",
            declare("t.q", ["x-dead-letter-exchange": "t.x"]),
            publish("1"),
            get(noAck: false),
            nack(1, requeue: false),
            count()
        ),
        Scenario(
            "dead letters to an alternate exchange",
            declare("t.dead"),
            exchange("t.y", "fanout"),
            bind("t.dead", "t.y"),
            exchange("t.x", "direct", ["alternate-exchange": "t.y"]),
            declare("t.q", ["x-dead-letter-exchange": "t.x"]),
            publish("1"),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead")
        ),
        Scenario(
            "dead letters of a transaction",
            declare("t.dead"),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead"]),
            publish("1"),
            get(noAck: false),
            say(.txSelect),
            nack(1, requeue: false),
            count("t.dead"),
            say(.txCommit),
            get("t.dead")
        ),
        Scenario(
            "dead letters with many deaths",
            declare("t.r", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.q"]),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.r"]),
            publish("1"),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.r", noAck: false),
            nack(2, requeue: false),
            get(noAck: false),
            nack(3, requeue: false),
            get("t.r")
        ),
        Scenario(
            "x-death of the client's",
            declare("t.dead"),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead"]),
            publish("1", BasicProperties(headers: ["x-death": "a"])),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead")
        ),
        Scenario(
            "deaths of the client's",
            declare("t.dead"),
            declare("t.q", ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": "t.dead"]),
            publish(
                "1",
                BasicProperties(headers: ["x-death": [["queue": "t.q", "reason": "rejected", "count": .int32(4)]]])
            ),
            get(noAck: false),
            nack(1, requeue: false),
            get("t.dead")
        ),
        Scenario(
            "a full queue and its confirms",
            declare("t.dead"),
            declare(
                "t.q",
                [
                    "x-max-length": .int32(1), "x-overflow": "reject-publish-dlx", "x-dead-letter-exchange": "",
                    "x-dead-letter-routing-key": "t.dead",
                ]
            ),
            say(.confirmSelect(ConfirmSelect())),
            publish("1"),
            publish("2"),
            publish("3", mandatory: true),
            get("t.dead")
        ),
        Scenario(
            "a full queue of no length",
            declare("t.q", ["x-max-length": .int32(0)]),
            publish("1"),
            get(),
            consume("t"),
            publish("2")
        ),
        Scenario(
            "a full queue of no length that refuses",
            declare("t.q", ["x-max-length": .int32(0), "x-overflow": "reject-publish"]),
            say(.confirmSelect(ConfirmSelect())),
            publish("1"),
            consume("t"),
            publish("2"),
            ack(1)
        ),
        Scenario(
            "a full queue with a message out",
            declare("t.q", ["x-max-length": .int32(1)]),
            publish("1"),
            get(noAck: false),
            publish("2"),
            nack(1, requeue: true),
            get(),
            get()
        ),
        Scenario(
            "a full queue with priorities",
            declare("t.q", ["x-max-length": .int32(2), "x-max-priority": .int32(5)]),
            publish("1", BasicProperties(priority: 1)),
            publish("2", BasicProperties(priority: 5)),
            publish("3", BasicProperties(priority: 3)),
            publish("4"),
            get(),
            get(),
            get()
        ),
        Scenario(
            "too many bytes that are refused",
            declare("t.q", ["x-max-length-bytes": .int32(5), "x-overflow": "reject-publish"]),
            say(.confirmSelect(ConfirmSelect())),
            publish("123"),
            publish("123"),
            publish("12"),
            publish("1"),
            count()
        ),
        Scenario(
            "confirms of one full queue of two",
            declare(),
            declare("t.r", ["x-max-length": .int32(0), "x-overflow": "reject-publish"]),
            exchange("t.x", "fanout"),
            bind("t.q", "t.x"),
            bind("t.r", "t.x"),
            say(.confirmSelect(ConfirmSelect())),
            publish("1", "t.x", ""),
            count()
        ),
        Scenario(
            "expired behind one that lasts",
            declare(),
            publish("1"),
            publish("2", BasicProperties(expiration: "0")),
            publish("3"),
            get(),
            get()
        ),
        Scenario(
            "expired before one that lasts",
            declare(),
            publish("1", BasicProperties(expiration: "0")),
            publish("2"),
            get()
        ),
        Scenario(
            "expired when given back",
            declare("t.q", ["x-message-ttl": .int32(0)]),
            consume("t"),
            publish("1"),
            nack(1, requeue: true),
            count()
        ),
    ]
}
