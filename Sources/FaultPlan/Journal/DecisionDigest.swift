import JSON

/// One number for all decisions of a run: two runs with the same digest decided the same.
///
/// Decisions are added up, so their order does not count: the same plan and the same requests give the same digest
/// whichever thread was first. Times and sequence numbers are left out.
public struct DecisionDigest: Sendable, Hashable, CustomStringConvertible {
    private var sum: UInt64 = 0
    private var count: UInt64 = 0

    public init() {}

    /// Adds a decision's rule, key and number among those of its key, and its namespace.
    /// - Parameter namespace: in place of the entry's own.
    public mutating func add(_ entry: JournalEntry, in namespace: String? = nil) {
        let rule = entry.details["rule"]?.string ?? ""
        let key = entry.details["key"]?.string ?? ""
        let nth = (entry.details["occurrence"] ?? entry.details["nth"])?.integer ?? 0
        sum &+= FaultDraw.value(
            seed: 0,
            rule: (namespace ?? entry.namespace) + "\u{1F}" + rule,
            key: key,
            nth: Int(nth)
        )
        count += 1
    }

    /// Adds all the decisions of another one.
    mutating func add(_ other: DecisionDigest) {
        sum &+= other.sum
        count += other.count
    }

    /// Takes decisions out again that were added before.
    mutating func remove(_ other: DecisionDigest) {
        precondition(other.count <= count, "Cannot take \(other.count) decisions out of \(count)")
        sum &-= other.sum
        count -= other.count
    }

    /// How many decisions, and their hash in hexadecimal: `3-00f1d2c3b4a59687`.
    public var description: String {
        let hex = String(sum, radix: 16)
        return "\(count)-" + String(repeating: "0", count: 16 - hex.count) + hex
    }
}
