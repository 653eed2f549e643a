import Synchronization

/// How many connections a server serves. Those that it has no room for are not among them: they stay surplus to their
/// end, and take no room from newcomers. How many of those there are, the listening socket bounds.
final class ConnectionCount: Sendable {
    private let served = Atomic(0)
    private let servedMax: Int

    /// - Parameter servedMax: how many connections are served at the same time.
    init(servedMax: Int) { self.servedMax = servedMax }

    /// Serves one more where there is room; whether there is. Who was let in says ``left()`` once, at its end.
    func enters() -> Bool {
        var current = served.load(ordering: .relaxed)
        while current < servedMax {
            let (exchanged, original) = served.compareExchange(
                expected: current,
                desired: current + 1,
                ordering: .relaxed
            )
            if exchanged { return true }
            current = original
        }
        return false
    }

    /// A connection that was served has ended.
    func left() { served.wrappingSubtract(1, ordering: .relaxed) }
}
