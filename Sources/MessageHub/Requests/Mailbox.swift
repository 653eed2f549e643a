import Synchronization

/// Messages for one task, which takes them one by one.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var reader: CheckedContinuation<Message, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    package func post(_ message: Message) {
        let reader = state.withLock { state in
            if state.reader == nil { state.messages.append(message) }
            return state.reader.take()
        }
        reader?.resume(returning: message)
    }

    /// The next message. It heeds no cancellation: whoever owns the mailbox posts one when there is nothing to wait for.
    package func next() async -> Message {
        await withCheckedContinuation { continuation in
            let message = state.withLock { state -> Message? in
                guard state.messages.isEmpty else { return state.messages.removeFirst() }
                state.reader = continuation
                return nil
            }
            if let message { continuation.resume(returning: message) }
        }
    }
}
