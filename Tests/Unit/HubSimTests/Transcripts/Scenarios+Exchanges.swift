import AMQP

extension Scenario {
    static let bindings: [Scenario] = [
        Scenario("binding from nowhere", declare(), bind("t.q", "t.x", "k")),
        Scenario("binding to nowhere", bind("t.q", "amq.direct", "k")),
        Scenario("binding from nowhere to nowhere", bind("t.q", "t.x", "k")),
        Scenario("binding from the default exchange", declare(), bind("t.q", "", "k")),
        Scenario("unbinding from the default exchange", declare(), say(.queueUnbind(QueueUnbind(queue: "t.q")))),
        Scenario(
            "unbinding what is not bound",
            declare(),
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "amq.direct", routingKey: "k")))
        ),
        Scenario(
            "unbinding from nowhere",
            declare(),
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "t.x", routingKey: "k")))
        ),
        Scenario(
            "unbinding a queue that is not there",
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "amq.direct", routingKey: "k")))
        ),
        Scenario("x-match of another word", declare(), bind("t.q", "amq.headers", "", ["x-match": "some"])),
        Scenario("x-match of another type", declare(), bind("t.q", "amq.headers", "", ["x-match": .int32(1)])),
        Scenario("exchange to exchange", say(.exchangeBind(ExchangeBind(destination: "t.x", source: "amq.direct")))),
        Scenario("exchange from exchange", say(.exchangeBind(ExchangeBind(destination: "amq.direct", source: "t.x")))),
        Scenario(
            "default exchange to exchange",
            say(.exchangeBind(ExchangeBind(destination: "amq.direct", source: "")))
        ),
        Scenario(
            "exchange to default exchange",
            say(.exchangeBind(ExchangeBind(destination: "", source: "amq.direct")))
        ),
        Scenario(
            "unbinding exchanges that are not bound",
            say(.exchangeUnbind(ExchangeUnbind(destination: "amq.direct", source: "amq.topic")))
        ),
    ]

    static let exchanges: [Scenario] = [
        Scenario("unknown exchange type", exchange("t.x", "x-nobody-knows")),
        Scenario("exchange of another type", exchange("t.x", "direct"), exchange("t.x", "fanout")),
        changed("durable", ExchangeDeclare(exchange: "t.x", type: "direct", durable: true)),
        changed("auto-delete", ExchangeDeclare(exchange: "t.x", type: "direct", autoDelete: true)),
        changed("internal", ExchangeDeclare(exchange: "t.x", type: "direct", internal: true)),
        changed(
            "alternate",
            ExchangeDeclare(exchange: "t.x", type: "direct", arguments: ["alternate-exchange": "a"])
        ),
        Scenario("alternate exchange of another type", exchange("t.x", "direct", ["alternate-exchange": .int32(5)])),
        Scenario("reserved exchange name", exchange("amq.t", "direct")),
        Scenario(
            "predeclared exchange again",
            say(.exchangeDeclare(ExchangeDeclare(exchange: "amq.direct", type: "direct", durable: true)))
        ),
        Scenario("predeclared exchange otherwise", exchange("amq.direct", "topic")),
        Scenario("default exchange", exchange("", "direct")),
        Scenario("default exchange, passive", passive("", "direct")),
        Scenario("exchange that is not there", passive("t.x", "direct")),
        Scenario("passive with another type", passive("amq.topic", "direct")),
        Scenario("passive with an unknown type", passive("amq.topic", "x-nobody-knows")),
        Scenario("deleting a system exchange", delete("amq.direct")),
        Scenario("deleting the default exchange", delete("")),
        Scenario("deleting what is not there", delete("t.x")),
        Scenario("deleting a system exchange that is not there", delete("amq.t")),
        Scenario(
            "deleting an exchange in use",
            declare(),
            exchange("t.x", "direct"),
            bind("t.q", "t.x", "k"),
            delete("t.x", ifUnused: true)
        ),
        Scenario(
            "auto-delete exchange",
            declare(),
            say(.exchangeDeclare(ExchangeDeclare(exchange: "t.x", type: "direct", autoDelete: true))),
            bind("t.q", "t.x", "k"),
            say(.queueUnbind(QueueUnbind(queue: "t.q", exchange: "t.x", routingKey: "k"))),
            passive("t.x", "direct")
        ),
    ]

    private static func passive(_ name: String, _ type: String) -> Step {
        say(.exchangeDeclare(ExchangeDeclare(exchange: name, type: type, passive: true)))
    }

    private static func delete(_ name: String, ifUnused: Bool = false) -> Step {
        say(.exchangeDelete(ExchangeDelete(exchange: name, ifUnused: ifUnused)))
    }

    private static func changed(_ name: String, _ new: ExchangeDeclare) -> Scenario {
        Scenario("exchange declared again: \(name)", exchange("t.x", "direct"), say(.exchangeDeclare(new)))
    }
}
