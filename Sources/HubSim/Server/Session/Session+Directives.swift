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
        let size = UInt64(message.body.count)
        if let encoded = message.content.encoded {
            try writer.header(channel: channel, bodySize: size, propertyOctets: encoded)
        } else {
            try writer.header(channel: channel, bodySize: size, properties: message.properties)
        }
        writer.body(channel: channel, message.body)
    }
}
