/// A reply code of AMQP, by its number and its name (AMQP 0-9-1 §1.2): plans may say either.
public struct AMQPReplyCode: Sendable, Hashable {
    public let number: Int
    /// As it stands in a plan: `PRECONDITION_FAILED`.
    public let name: String

    private init(_ number: Int, _ name: String) {
        self.number = number
        self.name = name
    }

    /// Those that close a channel.
    public static let ofChannels = [
        AMQPReplyCode(406, "PRECONDITION_FAILED"), AMQPReplyCode(311, "CONTENT_TOO_LARGE"),
        AMQPReplyCode(312, "NO_ROUTE"), AMQPReplyCode(313, "NO_CONSUMERS"), AMQPReplyCode(403, "ACCESS_REFUSED"),
        AMQPReplyCode(404, "NOT_FOUND"), AMQPReplyCode(405, "RESOURCE_LOCKED"),
    ]

    /// Those that close a connection.
    public static let ofConnections = [
        AMQPReplyCode(320, "CONNECTION_FORCED"), AMQPReplyCode(402, "INVALID_PATH"), AMQPReplyCode(501, "FRAME_ERROR"),
        AMQPReplyCode(502, "SYNTAX_ERROR"), AMQPReplyCode(503, "COMMAND_INVALID"),
        AMQPReplyCode(504, "CHANNEL_ERROR"), AMQPReplyCode(505, "UNEXPECTED_FRAME"),
        AMQPReplyCode(506, "RESOURCE_ERROR"), AMQPReplyCode(530, "NOT_ALLOWED"), AMQPReplyCode(540, "NOT_IMPLEMENTED"),
        AMQPReplyCode(541, "INTERNAL_ERROR"),
    ]
}

extension FaultKind {
    /// What `code` may be where it is an AMQP reply code, the usual one first; empty where it is none.
    public var replyCodes: [AMQPReplyCode] {
        switch self {
        case .closeChannel: AMQPReplyCode.ofChannels
        case .closeConnection: AMQPReplyCode.ofConnections
        default: []
        }
    }
}
