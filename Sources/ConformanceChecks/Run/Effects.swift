import HubProtocol
import JSON
import Synchronization

/// The changes that a service has answered for in a run: each is to have an event (docs/protocol.md §13).
final class Effects: Sendable {
    struct Effect: Sendable {
        let operation: String
        let operationID: String
        /// The record that was answered; `nil` where the image is gone.
        let record: JSONValue?

        /// The name of its event.
        var event: String {
            switch operation {
            case "create_image": "image.created"
            case "update_image": "image.updated"
            case "create_image_version": "image.version_created"
            default: "image.deleted"
            }
        }
    }

    private struct State {
        var effects: [Effect] = []
        /// Their operation ids, byte by byte.
        var seen: Set<[UInt8]> = []
    }

    private let state = Mutex(State())

    /// Books an operation that was answered with success; the same one again changes nothing.
    func answered(_ question: Question, _ reply: Received) {
        // What is sent otherwise than it says may have another operation, or another id.
        guard reply.isSuccess, question.body == nil, question.envelope.isEmpty,
            OperationName(rawValue: question.operation)?.hasEffect == true,
            Array((reply.operationID ?? "").utf8) == Array(question.operationID.utf8)
        else { return }
        let record = question.operation == "delete_image" ? JSONValue?.none : reply.data
        let effect = Effect(operation: question.operation, operationID: question.operationID, record: record)
        state.withLock { state in
            if state.seen.insert(Array(question.operationID.utf8)).inserted { state.effects.append(effect) }
        }
    }

    var all: [Effect] { state.withLock { $0.effects } }
}
