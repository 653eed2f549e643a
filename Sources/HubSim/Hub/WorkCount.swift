import Synchronization

/// Counts what has been handed to event loops and not yet been carried out.
final class WorkCount: Sendable {
    private let count = Atomic(0)

    var isNone: Bool { count.load(ordering: .acquiring) == 0 }

    func begin() { count.add(1, ordering: .acquiringAndReleasing) }
    func end() { count.subtract(1, ordering: .acquiringAndReleasing) }
}
