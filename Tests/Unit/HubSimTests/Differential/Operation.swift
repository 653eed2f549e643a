import AMQP

/// One thing that one client does on one of its channels.
struct Operation: Sendable {
    /// A channel of a client.
    struct Seat: Hashable, Sendable, Comparable {
        var client: String
        var channel: UInt16

        static let all = ["a", "b"].flatMap { client in [1, 2].map { Seat(client: client, channel: $0) } }

        static func < (left: Seat, right: Seat) -> Bool { (left.client, left.channel) < (right.client, right.channel) }
    }

    enum Action: Sendable {
        case method(AMQP.Method)
        case publish(BasicPublish, BasicProperties, body: String)
        /// Settles a delivery; which one is said by its label, for two hubs may number them otherwise.
        case settle(label: String, Settlement)
    }

    struct Settlement: Sendable {
        enum Kind: Sendable { case ack, nack, reject }
        var kind: Kind
        var isMultiple: Bool
        var isRequeue: Bool
    }

    var seat: Seat
    var action: Action
}

extension Operation.Settlement {
    /// The method that settles the delivery of this tag.
    func method(_ tag: UInt64, isMultiple: Bool) -> AMQP.Method {
        switch kind {
        case .ack: .basicAck(BasicAck(deliveryTag: tag, multiple: isMultiple))
        case .nack: .basicNack(BasicNack(deliveryTag: tag, multiple: isMultiple, requeue: isRequeue))
        case .reject: .basicReject(BasicReject(deliveryTag: tag, requeue: isRequeue))
        }
    }

    /// Whether it settles what came before as well.
    var coversEarlier: Bool { isMultiple && kind != .reject }
}
