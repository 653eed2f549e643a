import HubProtocol

/// What the engine makes of a request: the answer, and how the store changes with it.
public struct Decision: Sendable, Hashable {
    /// The answer.
    public enum Answer: Sendable, Hashable {
        /// It was carried out now.
        case outcome(Outcome)
        /// It was carried out before; this body is given again.
        case repeated(body: [UInt8])
    }

    public var answer: Answer
    /// To be applied together, or not at all.
    public var changes: [Change]

    public init(_ answer: Answer, changes: [Change] = []) {
        self.answer = answer
        self.changes = changes
    }

    /// The body of the reply to the request with this id.
    public func replyBody(operationID: String) -> [UInt8] {
        switch answer {
        // What is to be remembered has been written already.
        case .outcome(let outcome): rememberedBody ?? outcome.reply(to: operationID).encoded()
        case .repeated(let body): body
        }
    }

    /// The same answer, and nothing of it is kept.
    func withoutChanges(operationID: String) -> Decision {
        Decision(.repeated(body: replyBody(operationID: operationID)))
    }

    private var rememberedBody: [UInt8]? {
        guard case .remember(let operation) = changes.last else { return nil }
        return operation.reply
    }

    /// The events that follow from it.
    public var events: [StorageEvent] {
        changes.compactMap { change in
            guard case .publish(let event) = change else { return nil }
            return event
        }
    }
}
