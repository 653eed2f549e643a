import AMQP
import Testing

@testable import HubSim

/// What is refused and with which words: the texts are those of RabbitMQ 3.10.8, recorded from one.
@Suite("Refusals")
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// What was there before.
        var before: [AMQP.Method] = []
        let method: AMQP.Method
        let answer: String
        var testDescription: String { name }
    }

    static func declare(_ arguments: FieldTable) -> AMQP.Method {
        .queueDeclare(QueueDeclare(queue: "q", arguments: arguments))
    }

    static func badArgument(_ name: String, _ value: FieldValue, _ reason: String) -> Case {
        Case(
            name: "\(name) = \(value)",
            method: declare(FieldTable([(name, value)])),
            answer: "a1 close 406 PRECONDITION_FAILED - invalid arg '\(name)' for queue 'q' in vhost '/': \(reason)"
        )
    }

    static let arguments: [Case] = [
        badArgument("x-message-ttl", "abc", #""expected integer, got longstr""#),
        badArgument("x-message-ttl", .int32(-1), "{value_negative,-1}"),
        badArgument("x-message-ttl", .double(1.5), #""expected integer, got double""#),
        badArgument("x-message-ttl", .int64(315_360_000_001), "{value_too_large,315360000001}"),
        badArgument("x-expires", .int32(0), "{value_zero,0}"),
        badArgument("x-max-length", .int32(-3), "{value_negative,-3}"),
        badArgument("x-max-length-bytes", "1", #""expected integer, got longstr""#),
        badArgument("x-max-priority", .int32(256), "{max_value_exceeded,256}"),
        badArgument("x-dead-letter-routing-key", "a", "routing_key_but_no_dlx_defined"),
        // RabbitMQ takes it and fails later, so these words are ours.
        Case(
            name: "dead-letter routing key that is no short string",
            method: declare([
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": .string(String(repeating: "k", count: 300)),
            ]),
            answer:
                "a1 close 406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/':"
                + " {routing_key_too_long,300}"
        ),
        badArgument("x-overflow", "foo", "invalid_overflow"),
        badArgument("x-overflow", .int32(5), "{unacceptable_type,signedint}"),
        badArgument("x-single-active-consumer", "yes", "{unacceptable_type,longstr}"),
        badArgument("x-queue-mode", "foo", #""unsupported queue mode 'foo'""#),
        badArgument("x-queue-type", "foo", #""unsupported queue type 'foo'""#),
        badArgument("x-queue-version", .int32(5), #""unsupported queue version '5'""#),
        Case(
            name: "dead-letter exchange of the wrong type",
            method: declare(["x-dead-letter-exchange": .int8(5)]),
            answer:
                "a1 close 406 PRECONDITION_FAILED - invalid type 'byte' for arg 'x-dead-letter-exchange' in queue 'q'"
                + " in vhost '/'"
        ),
    ]

    static func different(_ name: String, _ old: QueueDeclare, _ new: QueueDeclare, _ answer: String) -> Case {
        Case(
            name: name,
            before: [.queueDeclare(old)],
            method: .queueDeclare(new),
            answer: "a1 close 406 PRECONDITION_FAILED - inequivalent arg \(answer)"
        )
    }

    static let redeclarations: [Case] = [
        different(
            "durable",
            QueueDeclare(queue: "q", durable: true),
            QueueDeclare(queue: "q"),
            "'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'"
        ),
        different(
            "auto-delete",
            QueueDeclare(queue: "q"),
            QueueDeclare(queue: "q", autoDelete: true),
            "'auto_delete' for queue 'q' in vhost '/': received 'true' but current is 'false'"
        ),
        different(
            "new argument",
            QueueDeclare(queue: "q"),
            QueueDeclare(queue: "q", arguments: ["x-message-ttl": .int32(1000)]),
            "'x-message-ttl' for queue 'q' in vhost '/': received the value '1000' of type 'signedint' but current is none"
        ),
        different(
            "missing argument",
            QueueDeclare(queue: "q", arguments: ["x-message-ttl": .int16(1000)]),
            QueueDeclare(queue: "q"),
            "'x-message-ttl' for queue 'q' in vhost '/': received none but current is the value '1000' of type 'short'"
        ),
        different(
            "other value",
            QueueDeclare(queue: "q", arguments: ["x-message-ttl": .int16(1000)]),
            QueueDeclare(queue: "q", arguments: ["x-message-ttl": .int16(2000)]),
            "'x-message-ttl' for queue 'q' in vhost '/': received '2000' but current is '1000'"
        ),
        Case(
            name: "exclusive",
            before: [declare([:])],
            method: .queueDeclare(QueueDeclare(queue: "q", exclusive: true)),
            answer: "a1 close 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'. It"
                + " could be originally declared on another connection or the exclusive property value does not match"
                + " that of the original declaration."
        ),
        Case(
            name: "exchange of another type",
            before: [.exchangeDeclare(ExchangeDeclare(exchange: "x", type: "direct"))],
            method: .exchangeDeclare(ExchangeDeclare(exchange: "x", type: "fanout")),
            answer: "a1 close 406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'x' in vhost '/': received"
                + " 'fanout' but current is 'direct'"
        ),
    ]

    static let names: [Case] = [
        Case(
            name: "unknown queue",
            method: .queueDeclare(QueueDeclare(queue: "q", passive: true)),
            answer: "a1 close 404 NOT_FOUND - no queue 'q' in vhost '/'"
        ),
        Case(
            name: "unknown exchange",
            method: .exchangeDeclare(ExchangeDeclare(exchange: "x", type: "direct", passive: true)),
            answer: "a1 close 404 NOT_FOUND - no exchange 'x' in vhost '/'"
        ),
        Case(
            name: "reserved queue name",
            method: .queueDeclare(QueueDeclare(queue: "amq.q")),
            answer: "a1 close 403 ACCESS_REFUSED - queue name 'amq.q' contains reserved prefix 'amq.*'"
        ),
        Case(
            name: "reserved exchange name",
            method: .exchangeDeclare(ExchangeDeclare(exchange: "amq.x", type: "direct")),
            answer: "a1 close 403 ACCESS_REFUSED - exchange name 'amq.x' contains reserved prefix 'amq.*'"
        ),
        Case(
            name: "unknown exchange type",
            method: .exchangeDeclare(ExchangeDeclare(exchange: "x", type: "x-none")),
            answer: "a close 503 COMMAND_INVALID - unknown exchange type 'x-none'"
        ),
        Case(
            name: "default exchange",
            method: .exchangeDeclare(ExchangeDeclare(exchange: "", type: "direct")),
            answer: "a1 close 403 ACCESS_REFUSED - operation not permitted on the default exchange"
        ),
        Case(
            name: "system exchange",
            method: .exchangeDelete(ExchangeDelete(exchange: "amq.direct")),
            answer: "a1 close 403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed"
        ),
        Case(
            name: "binding from nowhere",
            before: [declare([:])],
            method: .queueBind(QueueBind(queue: "q", exchange: "x")),
            answer: "a1 close 404 NOT_FOUND - no exchange 'x' in vhost '/'"
        ),
        Case(
            name: "binding to nowhere",
            method: .queueBind(QueueBind(queue: "q", exchange: "amq.direct")),
            answer: "a1 close 404 NOT_FOUND - no queue 'q' in vhost '/'"
        ),
        Case(
            name: "x-match",
            before: [declare([:])],
            method: .queueBind(QueueBind(queue: "q", exchange: "amq.headers", arguments: ["x-match": "some"])),
            answer: "a1 close 406 PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all, any,"
                + " all-with-x, or any-with-x"
        ),
        Case(
            name: "queue in use",
            before: [declare([:]), .basicConsume(BasicConsume(queue: "q"))],
            method: .queueDelete(QueueDelete(queue: "q", ifUnused: true)),
            answer: "a1 close 406 PRECONDITION_FAILED - queue 'q' in vhost '/' in use"
        ),
        Case(
            name: "exchange in use",
            before: [
                .exchangeDeclare(ExchangeDeclare(exchange: "x", type: "direct")), declare([:]),
                .queueBind(QueueBind(queue: "q", exchange: "x")),
            ],
            method: .exchangeDelete(ExchangeDelete(exchange: "x", ifUnused: true)),
            answer: "a1 close 406 PRECONDITION_FAILED - exchange 'x' in vhost '/' in use"
        ),
    ]

    static let channel: [Case] = [
        Case(
            name: "unknown delivery tag",
            method: .basicAck(BasicAck(deliveryTag: 1)),
            answer: "a1 close 406 PRECONDITION_FAILED - unknown delivery tag 1"
        ),
        Case(
            name: "prefetch size",
            method: .basicQos(BasicQos(prefetchSize: 5)),
            answer: "a close 540 NOT_IMPLEMENTED - prefetch_size!=0 (5)"
        ),
        Case(
            name: "recover without requeue",
            method: .basicRecover(BasicRecover(requeue: false)),
            answer: "a close 540 NOT_IMPLEMENTED - requeue=false"
        ),
        Case(
            name: "flow",
            method: .channelFlow(ChannelFlow(active: false)),
            answer: "a close 540 NOT_IMPLEMENTED - active=false"
        ),
        Case(
            name: "second channel.open",
            method: .channelOpen,
            answer: "a close 504 CHANNEL_ERROR - second 'channel.open' seen"
        ),
        Case(
            name: "commit without transaction",
            method: .txCommit,
            answer: "a1 close 406 PRECONDITION_FAILED - channel is not transactional"
        ),
        Case(
            name: "transactions with confirms",
            before: [.confirmSelect(ConfirmSelect())],
            method: .txSelect,
            answer: "a1 close 406 PRECONDITION_FAILED - cannot switch from confirm to tx mode"
        ),
        Case(
            name: "confirms with transactions",
            before: [.txSelect],
            method: .confirmSelect(ConfirmSelect()),
            answer: "a1 close 406 PRECONDITION_FAILED - cannot switch from tx to confirm mode"
        ),
        Case(
            name: "consumer tag",
            before: [declare([:]), .basicConsume(BasicConsume(queue: "q", consumerTag: "t"))],
            method: .basicConsume(BasicConsume(queue: "q", consumerTag: "t")),
            answer: "a close 530 NOT_ALLOWED - attempt to reuse consumer tag 't'"
        ),
        Case(
            name: "exclusive consumer",
            before: [declare([:]), .basicConsume(BasicConsume(queue: "q"))],
            method: .basicConsume(BasicConsume(queue: "q", exclusive: true)),
            answer: "a1 close 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use"
        ),
        Case(
            name: "method of the server's",
            method: .basicGetEmpty,
            answer: "a close 503 COMMAND_INVALID - unimplemented method"
        ),
        Case(
            name: "close-ok out of nowhere",
            method: .queueDeclareOk(QueueDeclareOk(queue: "", messageCount: 0, consumerCount: 0)),
            answer: "a close 503 COMMAND_INVALID - unimplemented method"
        ),
    ]

    @Test func aDeliveryModeThatNobodyKnows() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect("a")
        a.declare("q")
        var properties = BasicProperties()
        properties.deliveryMode = 7
        let line = try #require(a.publish("x", "q", properties).first)
        #expect(line.contains("406 PRECONDITION_FAILED - invalid message: {delivery_mode_unknown,7}"))
    }

    @Test(arguments: arguments + redeclarations + names + channel)
    func isRefused(_ test: Case) throws {
        let a = try BrokerUnderTest().connect()
        for method in test.before { a.send(method) }
        #expect(a.send(test.method) == [test.answer])
    }

    @Test(arguments: [
        ("abc", "no_integer"), ("", "no_integer"), ("12x", #"{leftover_string,"x"}"#), ("-1", "{value_negative,-1}"),
        ("1.5", #"{leftover_string,".5"}"#), ("315360000001", "{value_too_large,315360000001}"),
    ])
    func expirationIsANumber(_ text: String, _ reason: String) throws {
        let a = try BrokerUnderTest().connect()
        #expect(
            a.publish("m", "q", BasicProperties(expiration: text)) == [
                "a1 close 406 PRECONDITION_FAILED - invalid expiration '\(text)': \(reason)"
            ]
        )
    }

    @Test(arguments: ["0", "+5", "007", "4294967296"])
    func expirationMayLookOdd(_ text: String) throws {
        let a = try BrokerUnderTest().connect()
        #expect(a.publish("m", "q", BasicProperties(expiration: text)) == [])
    }

    @Test func publishesAreChecked() throws {
        let broker = BrokerUnderTest { $0.limits.messageBytesMax = 3 }
        func publish(
            _ text: String = "m",
            to exchange: String = "",
            immediate: Bool = false,
            _ properties: BasicProperties = BasicProperties()
        ) throws -> [String] {
            try broker.connect().publish(text, to: exchange, "k", immediate: immediate, properties)
        }
        #expect(try publish(to: "x") == ["a1 close 404 NOT_FOUND - no exchange 'x' in vhost '/'"])
        #expect(
            try publish(to: "amq.rabbitmq.trace") == [
                "a1 close 403 ACCESS_REFUSED - cannot publish to internal exchange 'amq.rabbitmq.trace' in vhost '/'"
            ]
        )
        #expect(try publish(immediate: true) == ["a close 540 NOT_IMPLEMENTED - immediate=true"])
        #expect(
            try publish("m", BasicProperties(userID: "bob")) == [
                "a1 close 406 PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was 'guest'"
            ]
        )
        #expect(
            try publish("four") == [
                "a1 close 406 PRECONDITION_FAILED - message size 4 is larger than configured max size 3"
            ]
        )
        #expect(
            try publish("m", BasicProperties(headers: ["CC": "a"])) == [
                #"a1 close 406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"CC",longstr}"#
            ]
        )
    }

    @Test func aVirtualHostMustBeThere() {
        #expect(throws: ProtocolError(.notAllowed, "vhost nope not found", method: ConnectionOpen.id)) {
            try BrokerUnderTest().connect { $0.virtualHost = "nope" }
        }
    }

    @Test func afterAChannelErrorEverythingIsIgnoredUntilCloseOk() throws {
        let a = try BrokerUnderTest().connect()
        a.send(.basicAck(BasicAck(deliveryTag: 1)))
        #expect(a.declare("q") == [])
        #expect(a.publish("m", "nowhere", mandatory: true) == [])
        #expect(a.send(.channelCloseOk) == [])
        #expect(a.send(.channelOpen) == ["a1 channel.open-ok"])
        #expect(a.count("q") == ["a1 close 404 NOT_FOUND - no queue 'q' in vhost '/'"])
    }

    @Test func aChannelMustBeOpen() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect()
        #expect(
            ChannelUnderTest(broker, a.id, 7).declare("q") == ["a close 504 CHANNEL_ERROR - expected 'channel.open'"]
        )
        #expect(a.declare("q") == [], "the connection is gone")
    }

    @Test func channelsAreCounted() throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect { $0.channelMax = 1 }
        #expect(
            ChannelUnderTest(broker, a.id, 2).send(.channelOpen) == [
                "a close 530 NOT_ALLOWED - number of channels opened (1) has reached the negotiated channel_max (1)"
            ]
        )
    }
}
