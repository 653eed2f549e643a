import AMQP
import Octets

/// A published message. It never changes and its body is in memory once, however many queues and consumers hold it.
package final class Message: Sendable {
    /// The exchange that it was published to; `""` is the default exchange.
    package let exchange: String
    package let routingKey: String
    /// The routing keys of its headers `CC` and `BCC`.
    let additionalKeys: [String]
    let content: MessageProperties
    package let body: [UInt8]
    /// Whether it has been dead-lettered here, so that its `x-death` is the hub's own.
    let hasDied: Bool
    /// What the further routing keys cost.
    private var keyBytes: Int { additionalKeys.count * 16 }

    package convenience init(
        exchange: String,
        routingKey: String,
        properties: BasicProperties = BasicProperties(),
        body: [UInt8]
    ) {
        self.init(exchange: exchange, routingKey: routingKey, content: MessageProperties(properties), body: body)
    }

    init(
        exchange: String,
        routingKey: String,
        additionalKeys: [String] = [],
        content: MessageProperties,
        body: [UInt8],
        hasDied: Bool = false
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.additionalKeys = additionalKeys
        self.content = content
        self.body = body
        self.hasDied = hasDied
    }

    package var properties: BasicProperties { content.values }

    /// The same message under other properties or with further routing keys.
    func with(properties: BasicProperties, additionalKeys: [String]? = nil) -> Message {
        Message(
            exchange: exchange,
            routingKey: routingKey,
            additionalKeys: additionalKeys ?? self.additionalKeys,
            content: MessageProperties(properties),
            body: body
        )
    }

    /// What holding the message costs, roughly: its bytes and a sum for everything around them.
    var sizeBytes: Int { body.count + content.sizeBytes + keyBytes + Self.overheadBytes }

    /// What a message costs beside its own bytes: the object, its strings, its places in a queue and a channel.
    static let overheadBytes = 512
}

extension Message: Equatable {
    package static func == (left: Message, right: Message) -> Bool {
        left === right
            || left.exchange.isExactly(right.exchange) && left.routingKey.isExactly(right.routingKey)
                && left.properties == right.properties && left.body == right.body
    }
}
