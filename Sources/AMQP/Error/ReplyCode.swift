/// The reply codes of AMQP 0-9-1 §1.2, with `NO_ROUTE`, which the table there lacks and every broker sends.
///
///     ReplyCode.notFound.replyText("no queue 'q' in vhost '/'")   // "NOT_FOUND - no queue 'q' in vhost '/'"
public enum ReplyCode: UInt16, Sendable, Hashable, CaseIterable {
    case replySuccess = 200
    case contentTooLarge = 311
    case noRoute = 312
    case noConsumers = 313
    case connectionForced = 320
    case invalidPath = 402
    case accessRefused = 403
    case notFound = 404
    case resourceLocked = 405
    case preconditionFailed = 406
    case frameError = 501
    case syntaxError = 502
    case commandInvalid = 503
    case channelError = 504
    case unexpectedFrame = 505
    case resourceError = 506
    case notAllowed = 530
    case notImplemented = 540
    case internalError = 541
}

extension ReplyCode {
    /// What an error of this code closes: the specification's soft and hard errors.
    public enum Severity: Sendable, Hashable {
        /// No error.
        case none
        /// A soft error: `channel.close` (or `basic.return`).
        case channel
        /// A hard error: `connection.close`.
        case connection
    }

    /// What an error of this code closes.
    public var severity: Severity {
        switch self {
        case .replySuccess: .none
        case .contentTooLarge, .noRoute, .noConsumers, .accessRefused, .notFound, .resourceLocked, .preconditionFailed:
            .channel
        case .connectionForced, .invalidPath, .frameError, .syntaxError, .commandInvalid, .channelError,
            .unexpectedFrame, .resourceError, .notAllowed, .notImplemented, .internalError:
            .connection
        }
    }

    /// The name as RabbitMQ writes it in reply texts, such as `NOT_FOUND`.
    public var name: String {
        switch self {
        case .replySuccess: "REPLY_SUCCESS"
        case .contentTooLarge: "CONTENT_TOO_LARGE"
        case .noRoute: "NO_ROUTE"
        case .noConsumers: "NO_CONSUMERS"
        case .connectionForced: "CONNECTION_FORCED"
        case .invalidPath: "INVALID_PATH"
        case .accessRefused: "ACCESS_REFUSED"
        case .notFound: "NOT_FOUND"
        case .resourceLocked: "RESOURCE_LOCKED"
        case .preconditionFailed: "PRECONDITION_FAILED"
        case .frameError: "FRAME_ERROR"
        case .syntaxError: "SYNTAX_ERROR"
        case .commandInvalid: "COMMAND_INVALID"
        case .channelError: "CHANNEL_ERROR"
        case .unexpectedFrame: "UNEXPECTED_FRAME"
        case .resourceError: "RESOURCE_ERROR"
        case .notAllowed: "NOT_ALLOWED"
        case .notImplemented: "NOT_IMPLEMENTED"
        case .internalError: "INTERNAL_ERROR"
        }
    }

    /// A reply text in RabbitMQ's form, `NAME - explanation`, cut to the 255 octets of a short string.
    ///
    /// Without an explanation it is the name alone. A text that is too long ends in `...`, and is never cut inside a character.
    public func replyText(_ explanation: String) -> String {
        let text = explanation.isEmpty ? name : "\(name) - \(explanation)"
        guard text.utf8.count > 255 else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: 252)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + "..."
    }
}
