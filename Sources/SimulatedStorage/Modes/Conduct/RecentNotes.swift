import Octets
import Synchronization

/// What a conduct remembers of the latest operations or images, by their id. One past the bound: the oldest is forgotten.
final class RecentNotes<Value: Sendable>: Sendable {
    private struct State {
        var values: [ExactText: Value] = [:]
        var order: [ExactText] = []
    }

    private let countMax: Int
    private let state = Mutex(State())

    init(countMax: Int = 10_000) { self.countMax = countMax }

    subscript(id: String) -> Value? { state.withLock { $0.values[ExactText(id)] } }

    /// All that is remembered, the oldest first.
    var all: [Value] { state.withLock { state in state.order.compactMap { state.values[$0] } } }

    /// Changes what is remembered of an id; nil forgets it.
    @discardableResult
    func update<Result>(_ id: String, _ change: (inout Value?) -> Result) -> Result {
        state.withLock { state in
            let key = ExactText(id)
            var value = state.values[key]
            let wasThere = value != nil
            let result = change(&value)
            state.values[key] = value
            if value == nil, wasThere { state.order.removeAll { $0 == key } }
            if value != nil, !wasThere {
                state.order.append(key)
                if state.order.count > countMax { state.values[state.order.removeFirst()] = nil }
            }
            return result
        }
    }

    func note(_ value: Value, for id: String) { update(id) { $0 = value } }

    /// Takes out what is remembered of an id.
    func take(_ id: String) -> Value? {
        update(id) { value in
            defer { value = nil }
            return value
        }
    }
}
