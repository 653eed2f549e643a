import HubProtocol
import Octets

/// The remembered operations of a memory store: those with a reply until they are forgotten, of the others the newest.
struct OperationMemory: Sendable {
    private var replied: [ExactText: RememberedOperation] = [:]
    private var repliedByAge = SortedIndex<OperationAge>()
    private var noted: NotedOperations

    /// - Parameter notedMax: operations without a reply that are kept.
    init(notedMax: Int) { noted = NotedOperations(countMax: notedMax) }

    /// How many are remembered with their reply.
    var count: Int { replied.count }

    /// When the oldest of these was carried out.
    var oldest: Timestamp? { repliedByAge.first?.time }

    subscript(operationID: String) -> RememberedOperation? {
        replied[ExactText(operationID)] ?? noted[operationID]
    }

    mutating func remember(_ operation: RememberedOperation) {
        guard operation.reply != nil else { return noted.note(operation) }
        let id = ExactText(operation.operationID)
        if let old = replied.updateValue(operation, forKey: id) { repliedByAge.remove(OperationAge(old)) }
        repliedByAge.insert(OperationAge(operation))
    }

    mutating func forget(before time: Timestamp, limit: Int) {
        for age in repliedByAge.page(skip: 0, limit: limit) {
            guard age.time < time else { return }
            repliedByAge.remove(age)
            replied[age.id] = nil
        }
    }
}
