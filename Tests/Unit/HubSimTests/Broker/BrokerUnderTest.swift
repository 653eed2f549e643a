import AMQP

@testable import HubSim

/// A broker with named connections, whose directives read as lines of a transcript.
final class BrokerUnderTest {
    private var broker: Broker
    private var now = Instant.start
    private var names: [ConnectionID: String] = [:]

    init(_ configure: (inout BrokerConfiguration) -> Void = { _ in }) {
        var configuration = BrokerConfiguration()
        configure(&configuration)
        broker = Broker(configuration: configuration)
    }

    /// Opens a connection and its channel 1.
    func connect(
        _ name: String = "a",
        _ configure: (inout ConnectionProfile) -> Void = { _ in }
    ) throws -> ChannelUnderTest {
        var profile = ConnectionProfile(name: name)
        configure(&profile)
        let id = try broker.open(profile, at: now)
        names[id] = name
        return ChannelUnderTest(self, id, 1).opened()
    }

    /// Applies a command.
    /// - Returns: what came of it.
    func apply(_ command: Command) -> [String] {
        broker.apply(command, at: now)
        return lines()
    }

    /// Applies several commands before anything goes out, as one read of a socket does.
    func apply(_ commands: [Command]) -> [String] {
        for command in commands { broker.apply(command, at: now) }
        return lines()
    }

    /// Lets time pass, stopping at each deadline on the way.
    func pass(milliseconds: Int64) -> [String] {
        let end = now.adding(milliseconds: milliseconds)
        while let deadline = broker.nextDeadline, deadline <= end {
            now = max(now, deadline)
            broker.apply(.timePassed, at: now)
        }
        now = end
        return lines()
    }

    /// What the log would say.
    func takeRemarks() -> [Remark] { broker.takeRemarks() }

    var nextDeadlineMs: Int64? { broker.nextDeadline.map { $0.microseconds / 1000 } }
    var snapshot: HubSnapshot { HubSnapshot(broker) }

    /// Looks into the broker.
    func look<Result>(_ body: (borrowing Broker) throws -> Result) rethrows -> Result { try body(broker) }

    /// The next message of a queue.
    func first(in queue: String) -> Message? { look { $0.queue(queue, "/")?.ready.first?.message } }

    private func lines() -> [String] { broker.takeDirectives().map(line) }

    private func line(_ directive: Directive) -> String {
        let name = names[directive.connection] ?? "?"
        switch directive {
        case .send(_, let channel, let method): return "\(name)\(channel) \(method)"
        case .deliver(let delivery):
            let again = delivery.isRedelivered ? " again" : ""
            return "\(name)\(delivery.channel) deliver \(delivery.consumerTag) #\(delivery.deliveryTag)\(again): "
                + delivery.message.text
        case .answerGet(_, let channel, let method, let message):
            let again = method.redelivered ? " again" : ""
            return
                "\(name)\(channel) get-ok #\(method.deliveryTag)\(again) left=\(method.messageCount): \(message.text)"
        case .giveBack(_, let channel, let method, let message):
            return "\(name)\(channel) return \(method.replyCode) \(method.replyText): \(message.text)"
        case .confirm(_, let channel, let first, let last): return "\(name)\(channel) confirm \(first)...\(last)"
        case .refuse(_, let channel, let sequence): return "\(name)\(channel) refuse \(sequence)"
        case .closeChannel(_, let channel, let error): return "\(name)\(channel) close \(error)"
        case .closeConnection(_, let error): return "\(name) close \(error)"
        case .pauseReading: return "\(name) pause"
        case .resumeReading: return "\(name) resume"
        case .tellWhenDrained: return "\(name) tell-when-drained"
        case .strike(_, let fault): return "\(name) strike \(fault)"
        }
    }
}

extension Message {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// One channel of a broker under test. Everything returns the lines that came of it, of all connections.
struct ChannelUnderTest {
    let broker: BrokerUnderTest
    let id: ConnectionID
    let number: UInt16

    init(_ broker: BrokerUnderTest, _ id: ConnectionID, _ number: UInt16) {
        (self.broker, self.id, self.number) = (broker, id, number)
    }

    func opened() -> ChannelUnderTest {
        _ = send(.channelOpen)
        return self
    }

    /// Another channel of the same connection.
    func channel(_ number: UInt16) -> ChannelUnderTest { ChannelUnderTest(broker, id, number).opened() }

    @discardableResult
    func send(_ method: Method) -> [String] { broker.apply(.method(id, channel: number, method)) }

    @discardableResult
    func declare(
        _ queue: String,
        durable: Bool = false,
        exclusive: Bool = false,
        autoDelete: Bool = false,
        _ arguments: FieldTable = [:]
    ) -> [String] {
        send(
            .queueDeclare(
                QueueDeclare(
                    queue: queue,
                    durable: durable,
                    exclusive: exclusive,
                    autoDelete: autoDelete,
                    arguments: arguments
                )
            )
        )
    }

    /// How many messages and consumers a queue has, by a passive declaration.
    func count(_ queue: String) -> [String] { send(.queueDeclare(QueueDeclare(queue: queue, passive: true))) }

    @discardableResult
    func exchange(_ name: String, _ type: String, autoDelete: Bool = false, _ arguments: FieldTable = [:]) -> [String] {
        send(
            .exchangeDeclare(
                ExchangeDeclare(exchange: name, type: type, autoDelete: autoDelete, arguments: arguments)
            )
        )
    }

    @discardableResult
    func bind(_ queue: String, to exchange: String, _ key: String = "", _ arguments: FieldTable = [:]) -> [String] {
        send(.queueBind(QueueBind(queue: queue, exchange: exchange, routingKey: key, arguments: arguments)))
    }

    @discardableResult
    func publish(
        _ text: String,
        to exchange: String = "",
        _ key: String,
        mandatory: Bool = false,
        immediate: Bool = false,
        _ properties: BasicProperties = BasicProperties()
    ) -> [String] {
        broker.apply(publishing(text, to: exchange, key, mandatory: mandatory, immediate: immediate, properties))
    }

    func publishing(
        _ text: String,
        to exchange: String = "",
        _ key: String,
        mandatory: Bool = false,
        immediate: Bool = false,
        _ properties: BasicProperties = BasicProperties()
    ) -> Command {
        let message = Message(exchange: exchange, routingKey: key, properties: properties, body: Array(text.utf8))
        return .publish(id, channel: number, message, mandatory: mandatory, immediate: immediate)
    }

    @discardableResult
    func consume(
        _ queue: String,
        _ tag: String,
        noAck: Bool = false,
        exclusive: Bool = false,
        _ arguments: FieldTable = [:]
    ) -> [String] {
        send(
            .basicConsume(
                BasicConsume(queue: queue, consumerTag: tag, noAck: noAck, exclusive: exclusive, arguments: arguments)
            )
        )
    }

    func cancel(_ tag: String) -> [String] { send(.basicCancel(BasicCancel(consumerTag: tag))) }

    @discardableResult
    func prefetch(_ count: UInt16, global: Bool = false) -> [String] {
        send(.basicQos(BasicQos(prefetchCount: count, isGlobal: global)))
    }

    @discardableResult
    func get(_ queue: String, noAck: Bool = true) -> [String] {
        send(.basicGet(BasicGet(queue: queue, noAck: noAck)))
    }

    @discardableResult
    func ack(_ tag: UInt64, multiple: Bool = false) -> [String] {
        send(.basicAck(BasicAck(deliveryTag: tag, multiple: multiple)))
    }

    @discardableResult
    func nack(_ tag: UInt64, multiple: Bool = false, requeue: Bool) -> [String] {
        send(.basicNack(BasicNack(deliveryTag: tag, multiple: multiple, requeue: requeue)))
    }

    /// The whole connection ends.
    func disconnect() -> [String] { broker.apply(.closed(id)) }
}
