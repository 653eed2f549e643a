import HubProtocol
import Octets

/// Operations that are remembered without a reply, only to tell another payload under the same id: the newest so many.
package struct NotedOperations: Sendable {
    private let countMax: Int
    private var operations: [ExactText: RememberedOperation] = [:]
    private var byAge = SortedIndex<OperationAge>()

    package init(countMax: Int) { self.countMax = countMax }

    package subscript(operationID: String) -> RememberedOperation? { operations[ExactText(operationID)] }

    package mutating func note(_ operation: RememberedOperation) {
        if let old = operations.updateValue(operation, forKey: ExactText(operation.operationID)) {
            byAge.remove(OperationAge(old))
        }
        byAge.insert(OperationAge(operation))
        while byAge.count > countMax, let oldest = byAge.first {
            byAge.remove(oldest)
            operations[oldest.id] = nil
        }
    }
}

/// The place of an operation in the order of their times.
struct OperationAge: Sendable, Comparable {
    let time: Timestamp
    let id: ExactText

    init(_ operation: RememberedOperation) {
        time = operation.time
        id = ExactText(operation.operationID)
    }

    static func < (left: OperationAge, right: OperationAge) -> Bool {
        left.time != right.time ? left.time < right.time : left.id < right.id
    }
}
