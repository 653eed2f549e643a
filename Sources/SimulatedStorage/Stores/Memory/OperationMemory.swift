import HubProtocol
import Octets

/// The remembered operations of a memory store: those with a reply until they are forgotten, of the others the newest.
struct OperationMemory: Sendable {
    private struct Age: Sendable, Comparable {
        let time: Timestamp
        let id: ExactText

        static func < (left: Age, right: Age) -> Bool {
            left.time != right.time ? left.time < right.time : left.id < right.id
        }
    }

    private let notedMax: Int
    private var replied: [ExactText: RememberedOperation] = [:]
    private var repliedByAge = SortedIndex<Age>()
    private var noted: [ExactText: RememberedOperation] = [:]
    private var notedByAge = SortedIndex<Age>()

    /// - Parameter notedMax: operations without a reply that are kept.
    init(notedMax: Int) { self.notedMax = notedMax }

    /// How many are remembered with their reply.
    var count: Int { replied.count }

    /// When the oldest of these was carried out.
    var oldest: Timestamp? { repliedByAge.first?.time }

    subscript(operationID: String) -> RememberedOperation? {
        let key = ExactText(operationID)
        return replied[key] ?? noted[key]
    }

    mutating func remember(_ operation: RememberedOperation) {
        let id = ExactText(operation.operationID)
        let age = Age(time: operation.time, id: id)
        guard operation.reply == nil else {
            if let old = replied.updateValue(operation, forKey: id) { repliedByAge.remove(Age(time: old.time, id: id)) }
            repliedByAge.insert(age)
            return
        }
        if let old = noted.updateValue(operation, forKey: id) { notedByAge.remove(Age(time: old.time, id: id)) }
        notedByAge.insert(age)
        while notedByAge.count > notedMax, let oldest = notedByAge.first {
            notedByAge.remove(oldest)
            noted[oldest.id] = nil
        }
    }

    mutating func forget(before time: Timestamp, limit: Int) {
        for age in repliedByAge.page(skip: 0, limit: limit) {
            guard age.time < time else { return }
            repliedByAge.remove(age)
            replied[age.id] = nil
        }
    }
}
