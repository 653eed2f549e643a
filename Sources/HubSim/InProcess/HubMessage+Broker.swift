import AMQP
import MessageHub
import Octets

/// A message of the house as the broker knows it, and back.
extension Message {
    /// Throws `HubError.invalid` for what has no form in AMQP: a name over 255 bytes, a negative expiration.
    convenience init(_ message: HubMessage, to address: HubAddress) throws(HubError) {
        let names = [
            address.exchange, address.routingKey, message.contentType, message.messageID, message.correlationID,
            message.replyTo, message.type, message.appID,
        ]
        for name in names { try name?.requireShortString("name or property") }
        for name in message.headers.keys { try name.requireShortString("header's name") }
        if let ms = message.expirationMs, ms < 0 { throw .invalid("expiration of \(ms) ms") }
        let headers = message.headers.sorted(byOctetsOf: \.key).map { ($0.key, FieldValue($0.value)) }
        let properties = BasicProperties(
            contentType: message.contentType,
            headers: headers.isEmpty ? nil : FieldTable(headers),
            deliveryMode: message.isPersistent ? 2 : nil,
            correlationID: message.correlationID,
            replyTo: message.replyTo,
            expiration: message.expirationMs.map { "\($0)" },
            messageID: message.messageID,
            timestamp: message.timestampSeconds,
            type: message.type,
            appID: message.appID
        )
        self.init(
            exchange: address.exchange,
            routingKey: address.routingKey,
            properties: properties,
            body: message.body
        )
    }
}

extension HubDelivery {
    init(_ delivery: Delivery) {
        let message = delivery.message
        self.init(
            message: HubMessage(message),
            exchange: message.exchange,
            routingKey: message.routingKey,
            isRedelivered: delivery.isRedelivered,
            deliveryTag: delivery.deliveryTag,
            channel: delivery.channel
        )
    }
}

extension HubMessage {
    init(_ message: Message) {
        let properties = message.properties
        self.init(
            body: message.body,
            contentType: properties.contentType,
            isPersistent: properties.isPersistent,
            messageID: properties.messageID,
            correlationID: properties.correlationID,
            replyTo: properties.replyTo,
            type: properties.type,
            appID: properties.appID,
            timestampSeconds: properties.timestamp,
            expirationMs: properties.expiration.flatMap { Int($0) }
        )
        for entry in properties.headers?.entries ?? [] where headers[entry.key] == nil {
            headers[entry.key] = HubHeaderValue(entry.value)
            if headers[entry.key] == nil { otherHeaders.insert(entry.key) }
        }
    }
}

extension FieldValue {
    fileprivate init(_ value: HubHeaderValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .int64(number)
        case .bool(let truth): self = .bool(truth)
        }
    }
}

extension HubHeaderValue {
    /// Nil for a kind that this house does not use.
    fileprivate init?(_ value: FieldValue) {
        if let text = value.string {
            self = .string(text)
        } else if let number = value.integer {
            self = .integer(number)
        } else if let truth = value.bool {
            self = .bool(truth)
        } else {
            return nil
        }
    }
}

extension HubError {
    /// The hub said no.
    init(refusal: ProtocolError) {
        self = .refused(code: Int(refusal.code.rawValue), text: refusal.replyText)
    }
}

extension String {
    /// AMQP's names are short strings: 255 octets at most (AMQP 0-9-1 §4.2.5.3).
    func requireShortString(_ what: String) throws(HubError) {
        guard utf8.count <= 255 else { throw .invalid("\(what) of \(utf8.count) bytes; 255 are the most") }
    }
}
