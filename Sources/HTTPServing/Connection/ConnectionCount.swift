import Synchronization

/// How many connections a server has.
final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    /// One more; how many there are with it.
    func entered() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }

    func left() { count.wrappingSubtract(1, ordering: .relaxed) }
}
