/// Why something on the hub did not work.
public enum HubError: Error, Sendable, Hashable {
    /// No connection could be opened: nobody listens, the name is unknown, TLS failed.
    case unreachable(String)
    /// The hub said no: credentials, vhost, or a declaration that does not fit. With AMQP's reply code and text.
    case refused(code: Int, text: String)
    /// The connection ended, by whichever side; the text says how.
    case closed(String)
    /// A mandatory message that no queue takes came back. With AMQP's reply code (312 `NO_ROUTE`) and text.
    case returned(code: Int, text: String)
    /// The hub did not take responsibility for a message (`basic.nack`).
    case nacked
    /// The hub did not answer in time.
    case timedOut(String)
    /// A limit of our own was reached: too many messages under way.
    case overloaded(String)
    /// The task that asked was cancelled.
    case cancelled
    /// The call makes no sense: a name over 255 bytes, a prefetch of 0.
    case invalid(String)
}

extension HubError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let why): "hub unreachable: \(why)"
        case .refused(let code, let text): "hub refused: \(code) \(text)"
        case .closed(let why): "hub connection closed: \(why)"
        case .returned(let code, let text): "message returned: \(code) \(text)"
        case .nacked: "message not accepted by the hub"
        case .timedOut(let what): "hub did not answer in time: \(what)"
        case .overloaded(let what): "too much under way: \(what)"
        case .cancelled: "cancelled"
        case .invalid(let why): "invalid: \(why)"
        }
    }
}
