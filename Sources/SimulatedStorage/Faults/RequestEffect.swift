/// What a fault does to a storage request; `StruckRequest` carries it out.
enum RequestEffect: Sendable, Equatable {
    /// So many milliseconds pass.
    case wait(ms: Int)
    /// The reply comes so long after the request has expired.
    case replyLate(afterDeadlineMs: Int)
    /// Acknowledged, and nothing else.
    case dropRequest
    /// No reply.
    case dropReply
    /// So many copies follow the reply, each after so long.
    case duplicateReply(copies: Int, everyMs: Int)
    /// So many replies overtake it, unless they take longer than this.
    case holdReply(behind: Int, ms: Int)
    /// The body of the reply names another operation.
    case wrongOperationID(WrongID)
    /// The message of the reply names another request.
    case wrongCorrelationID(WrongID)
    /// The answer is an error, whatever has been done.
    case answerError(code: String)
    /// The body of the reply cannot be read.
    case malform(Malformation, bytes: Int?)
    /// Storage is gone, on the hub and over HTTP, for so long.
    case crash(downMs: Int)
    /// Storage is gone from the hub for so long.
    case disconnect(downMs: Int)
    /// Nothing of the operation is kept.
    case loseWrite
    /// The state before the last effect is answered from.
    case readStale
    /// The acknowledgement comes first, and so long before the effect.
    case acknowledgeFirst(ms: Int)
    /// The request goes back to its queue, so many times.
    case giveBack(count: Int)
    /// The request goes back once more, as it was decided when it came first.
    case giveBackAgain
    /// Storage does nothing for so long.
    case stall(ms: Int)
}
