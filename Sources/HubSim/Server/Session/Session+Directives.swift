import AMQP

/// Directives as bytes.
extension Session {
    /// Writes what a directive says to the client. After `connection.close` nothing is written any more.
    ///
    /// Throws where something cannot be encoded. Then the connection is to be closed, here and in the hub.
    mutating func write(_ directive: Directive) throws(ProtocolError) {
        guard case .open = state else { return }
        try encode(directive)
    }

    private mutating func encode(_ directive: Directive) throws(ProtocolError) {
        if case .closeConnection(_, let error) = directive { return fail(error) }
        guard let (channel, method) = directive.said else { return }
        if let message = directive.message {
            try write(method, message, channel: channel)
        } else {
            try writer.method(method, channel: channel)
        }
    }

    private mutating func write(_ method: Method, _ message: Message, channel: UInt16) throws(ProtocolError) {
        try writer.method(method, channel: channel)
        // As in RabbitMQ a header is one frame, however large it is: frame-max cuts bodies alone.
        let frameMax = writer.frameMax
        writer.frameMax = 0
        // Also where it throws.
        defer { writer.frameMax = frameMax }
        let size = UInt64(message.body.count)
        if let encoded = message.content.encoded {
            try writer.header(channel: channel, bodySize: size, propertyOctets: encoded)
        } else {
            try writer.header(channel: channel, bodySize: size, properties: message.properties)
        }
        writer.frameMax = frameMax
        writer.body(channel: channel, message.body)
    }
}
