import MessageHub

/// What tasks ask of the thread that owns a connection.
enum ConnectionCommand: Sendable {
    case publish(PendingPublish)
    case acknowledge(channel: UInt16, tag: UInt64)
    case reject(channel: UInt16, tag: UInt64, requeue: Bool)
    case call(PendingCall)
    case close
}

/// A message on its way to the hub, and the task that waits for the confirm.
typealias PendingPublish = Pending<OutgoingMessage, Void>

struct OutgoingMessage: Sendable {
    var message: HubMessage
    var address: HubAddress
    var isMandatory: Bool

    /// Roughly what it takes in memory.
    var bytes: Int { message.body.count + 256 + message.headers.count * 64 }

    /// Whether a returned message is this one. AMQP's `basic.return` carries no delivery tag, so it is told by what it
    /// holds; two messages that are alike in all of this are as good as one another.
    func isReturned(as returned: HubMessage, exchange: String, routingKey: String) -> Bool {
        isMandatory && address.routingKey == routingKey && address.exchange == exchange
            && message.messageID == returned.messageID && message.correlationID == returned.correlationID
            && message.body == returned.body
    }
}

/// A declaration or the start of a consumer, and the task that waits for the hub's answer.
typealias PendingCall = Pending<CallRequest, CallAnswer>

enum CallRequest: Sendable {
    case declareExchange(ExchangeDeclaration)
    case declareQueue(QueueDeclaration)
    case bind(queue: String, exchange: String, routingKey: String)
    case consume(queue: String, prefetch: Int)

    /// The method's name, for errors.
    var name: String {
        switch self {
        case .declareExchange: "exchange.declare"
        case .declareQueue: "queue.declare"
        case .bind: "queue.bind"
        case .consume: "basic.consume"
        }
    }
}

enum CallAnswer: Sendable {
    case done
    case queue(DeclaredQueue)
    case subscription(HubSubscription)
}
