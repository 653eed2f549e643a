import AMQP

/// A published message. It never changes and its body is in memory once, however many queues and consumers hold it.
package final class Message: Sendable {
    /// The exchange that it was published to; `""` is the default exchange.
    package let exchange: String
    package let routingKey: String
    /// The routing keys of its headers `CC` and `BCC`.
    let additionalKeys: [String]
    package let properties: BasicProperties
    /// The properties as they came over the wire, so that they need not be encoded again; nil where there are none such.
    package let encodedProperties: [UInt8]?
    package let body: [UInt8]
    /// Whether it has been dead-lettered here, so that its `x-death` is the hub's own.
    let hasDied: Bool
    /// The size of the properties on the wire, or a little more than nothing.
    let propertyBytes: Int
    /// What the headers cost once they are decoded, and the further routing keys.
    private let headerBytes: Int

    package convenience init(
        exchange: String,
        routingKey: String,
        properties: BasicProperties = BasicProperties(),
        encodedProperties: [UInt8]? = nil,
        body: [UInt8]
    ) {
        self.init(
            exchange: exchange,
            routingKey: routingKey,
            additionalKeys: [],
            properties: properties,
            encodedProperties: encodedProperties,
            body: body
        )
    }

    init(
        exchange: String,
        routingKey: String,
        additionalKeys: [String],
        properties: BasicProperties,
        encodedProperties: [UInt8]? = nil,
        body: [UInt8],
        hasDied: Bool = false
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.additionalKeys = additionalKeys
        self.properties = properties
        self.encodedProperties = encodedProperties
        self.body = body
        self.hasDied = hasDied
        // Properties that cannot be encoded cannot be sent to anyone either; nobody needs to know how large they are.
        propertyBytes = encodedProperties?.count ?? max(64, (try? properties.encoded().count) ?? 0)
        headerBytes = (properties.headers?.memoryBytes ?? 0) + additionalKeys.count * 16
    }

    /// The same message under other properties or with further routing keys.
    func with(properties: BasicProperties, additionalKeys: [String]? = nil) -> Message {
        Message(
            exchange: exchange,
            routingKey: routingKey,
            additionalKeys: additionalKeys ?? self.additionalKeys,
            properties: properties,
            body: body
        )
    }

    /// What holding the message costs, roughly: its bytes and a sum for everything around them.
    var sizeBytes: Int { body.count + propertyBytes + headerBytes + Self.overheadBytes }

    /// What a message costs beside its own bytes: the object, its strings, its places in a queue and a channel.
    static let overheadBytes = 512
}

extension Message: Equatable {
    package static func == (left: Message, right: Message) -> Bool {
        left === right
            || left.exchange == right.exchange && left.routingKey == right.routingKey
                && left.properties == right.properties && left.body == right.body
    }
}
