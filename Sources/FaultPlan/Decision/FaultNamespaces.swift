import Synchronization

/// The armed plans of a process, one a namespace, and the one journal that all of them write into.
///
/// Parallel tests against one simulator take a namespace each; what has none uses the default one, `""`, which is
/// always there.
///
///     let faults = FaultNamespaces(journal: journal, nowMs: clock)
///     try faults.standard.arm(plan)
///     try faults.armed(in: "test-7")?.arm(other)
public final class FaultNamespaces: Sendable {
    /// Namespaces at once, beside the default one. One more: there is none.
    public static let namespacesMax = 1000

    public let journal: Journal
    /// The plan of the default namespace.
    public let standard: ArmedFaults
    private let others = Mutex<[String: ArmedFaults]>([:])
    private let nowMs: @Sendable () -> Int64
    private let watchers = Mutex<[@Sendable (String, ArmedFaults.End) -> Void]>([])

    /// - Parameters:
    ///   - standard: the default namespace's, where somebody has it already; it must write into the same journal.
    ///   - nowMs: the time in milliseconds on any clock that does not go back.
    public init(journal: Journal, standard: ArmedFaults? = nil, nowMs: @escaping @Sendable () -> Int64) {
        self.journal = journal
        self.standard = standard ?? ArmedFaults(journal: journal, nowMs: nowMs)
        self.nowMs = nowMs
        watch(self.standard, namespace: "")
    }

    /// Has this called with the name of every namespace whose plan is taken away, whoever does it.
    package func whenDisarmed(_ action: @escaping @Sendable (String, ArmedFaults.End) -> Void) {
        watchers.withLock { $0.append(action) }
    }

    private func watch(_ armed: ArmedFaults, namespace: String) {
        armed.whenDisarmed { [weak self] end in
            for watcher in self?.watchers.withLock({ $0 }) ?? [] { watcher(namespace, end) }
        }
    }

    /// The plan of a namespace, which begins here if it is new; nil where there are too many.
    public func armed(in namespace: String) -> ArmedFaults? {
        if namespace.isEmpty { return standard }
        return others.withLock { others in
            if let armed = others[namespace] { return armed }
            guard others.count < Self.namespacesMax else { return nil }
            let armed = ArmedFaults(journal: journal, namespace: namespace, nowMs: nowMs)
            watch(armed, namespace: namespace)
            others[namespace] = armed
            return armed
        }
    }

    /// The plan of a namespace that was begun; nil for any other.
    public func existing(_ namespace: String) -> ArmedFaults? {
        namespace.isEmpty ? standard : others.withLock { $0[namespace] }
    }

    /// Disarms a namespace's plan and forgets the namespace, so that another one may take its place.
    public func end(_ namespace: String) { end(namespace, because: .disarmed) }

    /// The same for a reset of the namespace: whatever the plan has struck is thrown away, and is not to go on.
    package func reset(_ namespace: String) { end(namespace, because: .reset) }

    private func end(_ namespace: String, because end: ArmedFaults.End) {
        if namespace.isEmpty { return standard.disarm(because: end) }
        others.withLock { $0.removeValue(forKey: namespace) }?.disarm(because: end)
    }
}
