import SimulatedStorage
import Synchronization

/// The operations without a reply, which need not survive: in memory, the newest so many.
final class OperationNotes: Sendable {
    private let memory: Mutex<NotedOperations>

    init(countMax: Int) { memory = Mutex(NotedOperations(countMax: countMax)) }

    subscript(operationID: String) -> RememberedOperation? { memory.withLock { $0[operationID] } }

    func note(_ operation: RememberedOperation) { memory.withLock { $0.note(operation) } }
}
