/// The digest of all decisions of a journal, and of each namespace's own, since the last reset of each.
public struct NamespaceDigests: Sendable {
    /// Namespaces whose decisions are told apart. Those of one more stay in the total when it is reset.
    public static let namespacesMax = 10_000

    private struct Part: Sendable {
        /// As the namespace itself counts: the same plan and requests give the same in any namespace.
        var own = DecisionDigest()
        /// What it adds to the total, where namespaces are told apart.
        var share = DecisionDigest()
    }

    /// Of all namespaces together.
    public private(set) var total = DecisionDigest()
    private var parts: [String: Part] = [:]

    public init() {}

    /// Adds a decision; a reset takes out what its namespace has decided before. Any other entry changes nothing.
    public mutating func note(_ entry: JournalEntry) {
        switch entry.event {
        case .decision:
            var share = DecisionDigest()
            share.add(entry)
            total.add(share)
            guard parts[entry.namespace] != nil || parts.count < Self.namespacesMax else { return }
            var own = share
            if !entry.namespace.isEmpty {
                own = DecisionDigest()
                own.add(entry, in: "")
            }
            parts[entry.namespace, default: Part()].share.add(share)
            parts[entry.namespace, default: Part()].own.add(own)
        case .reset:
            if let past = parts.removeValue(forKey: entry.namespace) { total.remove(past.share) }
        case .armed, .disarmed, .request, .effect, .reply, .event, .connection: break
        }
    }

    /// Of this namespace alone.
    public func own(_ namespace: String) -> DecisionDigest { parts[namespace]?.own ?? DecisionDigest() }
}
