import AMQP

/// Frames on an open connection.
extension Session {
    mutating func takeWhenOpen(_ frame: RawFrame, _ id: ConnectionID) throws(ProtocolError) -> SessionEvent? {
        switch frame.type {
        case .heartbeat: return nil
        case .method:
            try contents.expectMethod(on: frame.channel)
            if frame.channel != 0, let publish = contents.repeatedPublish(frame.payload) {
                contents.begin(publish, on: frame.channel)
                return nil
            }
            if frame.channel == 0 { return try takeOnConnection(methodOnConnection(frame)) }
            let method = try frame.method()
            if case .basicPublish(let publish) = method {
                contents.begin(publish, frame.payload, on: frame.channel)
                return nil
            }
            return .command(.method(id, channel: frame.channel, method))
        case .header:
            return try contents.take(frame.contentHeader(), on: frame.channel, of: id).map(SessionEvent.command)
        case .body: return try contents.take(frame.payload, on: frame.channel, of: id).map(SessionEvent.command)
        }
    }

    /// RabbitMQ does not expect malformed methods of the connection's own, once it is open.
    private func methodOnConnection(_ frame: RawFrame) throws(ProtocolError) -> AMQP.Method {
        do throws(ProtocolError) {
            return try frame.method()
        } catch {
            guard error.code == .frameError, error.reason != ProtocolError.notUTF8 else { throw error }
            throw ProtocolError(.internalError, "", detail: error.detail)
        }
    }

    private mutating func takeOnConnection(_ method: Method) throws(ProtocolError) -> SessionEvent? {
        switch method {
        case .connectionClose: return .closeRequested
        case .connectionUpdateSecret:
            // Secrets that expire are OAuth's; for a password there is nothing to update.
            writeMethod(.connectionUpdateSecretOk)
            return nil
        default: throw ProtocolError(.channelError, "unexpected method in connection state running", method: method.id)
        }
    }
}
