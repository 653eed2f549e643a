/// A violation of the protocol: what to close with, and why.
///
/// Codes and words are RabbitMQ's where it has some, which say little about what is wrong; ``detail`` does.
///
/// Decoding throws this for a mistake of the peer, and always with a code of severity `connection`. Encoding throws it
/// for a value that has no form on the wire (a short string over 255 octets), with ``ReplyCode/internalError``.
/// Brokers may use it for errors of their own, of either severity.
public struct ProtocolError: Error, Sendable, Hashable {
    /// The reply code to close with.
    public var code: ReplyCode
    /// The explanation, without the code's name; may reach the peer.
    public var reason: String
    /// The method that was the cause, or ``MethodID/none``.
    public var method: MethodID
    /// What exactly is wrong, for a log; the peer is not told. Nil where the reason says all.
    public var detail: String?

    /// An error; `method` is what `connection.close` names as the cause.
    public init(_ code: ReplyCode, _ reason: String, method: MethodID = .none, detail: String? = nil) {
        self.code = code
        self.reason = reason
        self.method = method
        self.detail = detail
    }

    /// The text for `reply-text`: `NAME - reason`, or the name alone where there is no reason; at most 255 octets.
    public var replyText: String { code.replyText(reason) }
}

extension ProtocolError: CustomStringConvertible {
    /// Such as `501 FRAME_ERROR - …`, with the detail.
    public var description: String { "\(code.rawValue) \(replyText)" + (detail.map { " (\($0))" } ?? "") }
}
