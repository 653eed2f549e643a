import AMQP

/// Directives as bytes.
extension Session {
    /// Writes what a directive says to the client. After `connection.close` nothing is written any more.
    ///
    /// Throws where a message cannot be sent on: it has more headers than the client's frames have room for. Then the
    /// connection is to be closed, here and in the hub.
    mutating func write(_ directive: Directive) throws(ProtocolError) {
        guard case .open = state else { return }
        try encode(directive)
    }

    private mutating func encode(_ directive: Directive) throws(ProtocolError) {
        switch directive {
        case .send(_, let channel, let method): try writer.method(method, channel: channel)
        case .deliver(let delivery):
            let method = BasicDeliver(
                consumerTag: delivery.consumerTag,
                deliveryTag: delivery.deliveryTag,
                redelivered: delivery.isRedelivered,
                exchange: delivery.message.exchange,
                routingKey: delivery.message.routingKey
            )
            try write(.basicDeliver(method), delivery.message, channel: delivery.channel)
        case .answerGet(_, let channel, let method, let message):
            try write(.basicGetOk(method), message, channel: channel)
        case .giveBack(_, let channel, let method, let message):
            try write(.basicReturn(method), message, channel: channel)
        case .confirm(_, let channel, let first, let last):
            try writer.method(.basicAck(BasicAck(deliveryTag: last, multiple: first != last)), channel: channel)
        case .refuse(_, let channel, let sequence):
            // Everything before it is settled; RabbitMQ says `multiple` here, and `requeue`, which means nothing.
            let nack = BasicNack(deliveryTag: sequence, multiple: true, requeue: true)
            try writer.method(.basicNack(nack), channel: channel)
        case .closeChannel(_, let channel, let error):
            try writer.method(.channelClose(ChannelClose(error)), channel: channel)
        case .closeConnection(_, let error): fail(error)
        case .pauseReading, .resumeReading, .tellWhenDrained, .strike, .remark: break
        }
    }

    private mutating func write(_ method: Method, _ message: Message, channel: UInt16) throws(ProtocolError) {
        try writer.method(method, channel: channel)
        let size = UInt64(message.body.count)
        if let encoded = message.content.encoded {
            try writer.header(channel: channel, bodySize: size, propertyOctets: encoded)
        } else {
            try writer.header(channel: channel, bodySize: size, properties: message.properties)
        }
        writer.body(channel: channel, message.body)
    }
}
