import AMQP
import Octets
import Testing

@testable import HubSim

/// Every refusal was taken from RabbitMQ 3.10.8, with the same user, queues and exchanges.
@Suite("Permissions")
struct PermissionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let method: Method
        /// What is refused; nil: nothing is.
        let refused: String?

        init(_ description: String, _ method: Method, refused: String?) {
            testDescription = description
            self.method = method
            self.refused = refused
        }
    }

    /// Someone who may do only so much, beside `a`, who may do everything.
    private func limited(_ personality: Personality = .rabbitMQ310) throws -> (ChannelUnderTest, BrokerUnderTest) {
        var permissions = HubPermissions(
            configure: try NamePattern("^my-.*|^conf$"),
            write: try NamePattern("^my-.*|^w-.*"),
            read: try NamePattern("^my-.*|^r-.*")
        )
        permissions.topics["my-e"] = HubTopicPermissions(
            write: try NamePattern("^a\\."),
            read: try NamePattern("^a\\.")
        )
        let broker = BrokerUnderTest {
            $0.permissions["lim"] = [ExactText("/"): permissions]
            $0.virtualHosts = ["/", "other"]
            $0.personality = personality
        }
        let a = try broker.connect()
        for queue in ["q-other", "my-q", "r-q", "w-q"] { a.declare(queue) }
        a.exchange("e-other", "direct")
        a.exchange("my-e", "topic")
        a.exchange("r-e", "fanout")
        a.exchange("w-e", "direct")
        return (try broker.connect("l") { $0.user = "lim" }, broker)
    }

    static let cases: [Case] = [
        Case("declare", .queueDeclare(QueueDeclare(queue: "q-x")), refused: "queue 'q-x'"),
        Case("declare what is there", .queueDeclare(QueueDeclare(queue: "q-other")), refused: "queue 'q-other'"),
        Case("ask", .queueDeclare(QueueDeclare(queue: "q-other", passive: true)), refused: nil),
        Case(
            "the permission before the arguments",
            .queueDeclare(QueueDeclare(queue: "q-x", arguments: ["x-message-ttl": .int32(-1)])),
            refused: "queue 'q-x'"
        ),
        Case(
            "dead letters: write to the exchange",
            .queueDeclare(QueueDeclare(queue: "my-d", arguments: ["x-dead-letter-exchange": "e-other"])),
            refused: "exchange 'e-other'"
        ),
        Case(
            "dead letters: read the queue",
            .queueDeclare(QueueDeclare(queue: "conf", arguments: ["x-dead-letter-exchange": "w-e"])),
            refused: "queue 'conf'"
        ),
        Case(
            "dead letters to the default exchange",
            .queueDeclare(QueueDeclare(queue: "my-d", arguments: ["x-dead-letter-exchange": ""])),
            refused: "exchange 'amq.default'"
        ),
        Case("delete", .queueDelete(QueueDelete(queue: "q-other")), refused: "queue 'q-other'"),
        Case("delete what is not there", .queueDelete(QueueDelete(queue: "q-nope")), refused: "queue 'q-nope'"),
        Case("purge", .queuePurge(QueuePurge(queue: "q-other")), refused: "queue 'q-other'"),
        Case("consume", .basicConsume(BasicConsume(queue: "q-nope")), refused: "queue 'q-nope'"),
        Case("consume, allowed", .basicConsume(BasicConsume(queue: "r-q")), refused: nil),
        Case("get", .basicGet(BasicGet(queue: "w-q")), refused: "queue 'w-q'"),
        Case(
            "bind: write the queue",
            .queueBind(QueueBind(queue: "q-other", exchange: "r-e")),
            refused: "queue 'q-other'"
        ),
        Case(
            "bind: read the exchange",
            .queueBind(QueueBind(queue: "w-q", exchange: "e-other")),
            refused: "exchange 'e-other'"
        ),
        Case("bind to nothing", .queueBind(QueueBind(queue: "my-q", exchange: "nope")), refused: "exchange 'nope'"),
        Case(
            "bind to the default exchange",
            .queueBind(QueueBind(queue: "q-other", exchange: "")),
            refused: "queue 'q-other'"
        ),
        Case("bind, allowed", .queueBind(QueueBind(queue: "my-q", exchange: "r-e")), refused: nil),
        Case(
            "bind to a topic",
            .queueBind(QueueBind(queue: "my-q", exchange: "my-e", routingKey: "b.c")),
            refused: "topic 'b.c' in exchange 'my-e'"
        ),
        Case(
            "bind to a topic, allowed",
            .queueBind(QueueBind(queue: "my-q", exchange: "my-e", routingKey: "a.c")),
            refused: nil
        ),
        Case("unbind", .queueUnbind(QueueUnbind(queue: "q-nope", exchange: "r-e")), refused: "queue 'q-nope'"),
        Case(
            "unbind: read",
            .queueUnbind(QueueUnbind(queue: "w-q", exchange: "e-other")),
            refused: "exchange 'e-other'"
        ),
        Case(
            "exchange.bind: write",
            .exchangeBind(ExchangeBind(destination: "e-other", source: "r-e")),
            refused: "exchange 'e-other'"
        ),
        Case(
            "exchange.bind: read",
            .exchangeBind(ExchangeBind(destination: "w-e", source: "e-other")),
            refused: "exchange 'e-other'"
        ),
        Case(
            "exchange.bind to the default",
            .exchangeBind(ExchangeBind(destination: "", source: "r-e")),
            refused: "exchange 'amq.default'"
        ),
        Case(
            "exchange.unbind",
            .exchangeUnbind(ExchangeUnbind(destination: "e-other", source: "r-e")),
            refused: "exchange 'e-other'"
        ),
        Case(
            "exchange.declare",
            .exchangeDeclare(ExchangeDeclare(exchange: "e-x", type: "direct")),
            refused: "exchange 'e-x'"
        ),
        Case(
            "exchange.declare, reserved",
            .exchangeDeclare(ExchangeDeclare(exchange: "amq.x", type: "direct")),
            refused: "exchange 'amq.x'"
        ),
        Case(
            "ask for an exchange",
            .exchangeDeclare(ExchangeDeclare(exchange: "e-other", type: "direct", passive: true)),
            refused: nil
        ),
        Case(
            "alternate: write",
            .exchangeDeclare(
                ExchangeDeclare(exchange: "my-x", type: "direct", arguments: ["alternate-exchange": "e-other"])
            ),
            refused: "exchange 'e-other'"
        ),
        Case(
            "alternate: read",
            .exchangeDeclare(
                ExchangeDeclare(exchange: "conf", type: "direct", arguments: ["alternate-exchange": "w-e"])
            ),
            refused: "exchange 'conf'"
        ),
        Case("exchange.delete", .exchangeDelete(ExchangeDelete(exchange: "e-nope")), refused: "exchange 'e-nope'"),
        Case("direct replies", .basicConsume(BasicConsume(queue: "amq.rabbitmq.reply-to", noAck: true)), refused: nil),
    ]

    @Test(.keeps(.access, "every method needs its configure, write and read permissions (403)"), arguments: cases)
    func methods(_ test: Case) throws {
        let (l, _) = try limited()
        let lines = l.send(test.method)
        guard let refused = test.refused else {
            #expect(lines.first?.contains("close") == false, "\(lines)")
            return
        }
        let place = refused.hasPrefix("topic") ? refused + " in vhost '/'" : "\(refused) in vhost '/'"
        #expect(lines == ["l1 close 403 ACCESS_REFUSED - access to \(place) refused for user 'lim'"])
    }

    @Test(
        .keeps(.access, "publishing needs write on the exchange and, on topic exchanges, on the routing key"),
        arguments: [
            ("e-other", "k", "exchange 'e-other' in vhost '/'"), ("nope", "k", "exchange 'nope' in vhost '/'"),
            ("", "my-q", "exchange 'amq.default' in vhost '/'"), ("w-e", "k", nil), ("my-e", "a.b", nil),
            ("my-e", "b.c", "topic 'b.c' in exchange 'my-e' in vhost '/'"),
        ] as [(String, String, String?)]
    )
    func publishing(_ exchange: String, _ key: String, _ refused: String?) throws {
        let (l, _) = try limited()
        let lines = l.publish("m", to: exchange, key) + l.publish("m", to: exchange, key)
        #expect(
            lines == (refused.map { ["l1 close 403 ACCESS_REFUSED - access to \($0) refused for user 'lim'"] } ?? [])
        )
    }

    @Test(.keeps(.versions, "refusals of 3.13 name the permission that is missing"))
    func laterVersionsNameThePermission() throws {
        let (l, _) = try limited(.rabbitMQ313)
        #expect(
            l.declare("q") == [
                "l1 close 403 ACCESS_REFUSED - configure access to queue 'q' in vhost '/' refused for user 'lim'"
            ]
        )
    }

    @Test(.keeps(.access, "a vhost without permissions cannot be opened (530)")) func aVirtualHostMustBeGranted() throws
    {
        let (_, broker) = try limited()
        let error = #expect(throws: ProtocolError.self) {
            try broker.connect { ($0.user, $0.virtualHost) = ("lim", "other") }
        }
        #expect(error?.description == "530 NOT_ALLOWED - access to vhost 'other' refused for user 'lim'")
        let missing = #expect(throws: ProtocolError.self) {
            try broker.connect { ($0.user, $0.virtualHost) = ("lim", "nope") }
        }
        #expect(missing?.description == "530 NOT_ALLOWED - vhost nope not found")
    }

    @Test(arguments: [("", "", true), ("", "x", false), (".*", "x", true), ("b", "abc", true), ("^b", "abc", false)])
    func patterns(_ pattern: String, _ name: String, _ fits: Bool) throws {
        let matcher = NameMatcher(try NamePattern(pattern))
        #expect(matcher.fits(name) == fits)
        #expect(matcher.fits(name) == fits, "remembered")
    }

    @Test func aMalformedPatternIsRefused() {
        #expect(throws: NamePattern.Malformed.self) { try NamePattern("(") }
    }
}
