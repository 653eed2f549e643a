import FaultPlan
import JSON

/// A decision, as far as two runs can be compared by it.
public struct ReplayedDecision: Sendable, Hashable, CustomStringConvertible {
    /// The entry of the journal that it belongs to: the decision's own, or, where it was made again, its request's.
    public let sequence: Int
    public let namespace: String
    public let rule: String
    public let key: String
    public let nth: Int
    /// The how-manieth of its key.
    public let occurrence: Int

    init(_ entry: JournalEntry) {
        sequence = entry.sequence
        namespace = entry.namespace
        rule = entry.details["rule"]?.string ?? ""
        key = entry.details["key"]?.string ?? ""
        nth = Int(entry.details["nth"]?.integer ?? 0)
        occurrence = Int(entry.details["occurrence"]?.integer ?? 0)
    }

    public var description: String { "\(rule), nth \(nth), at entry \(sequence)" }

    func isLike(_ other: ReplayedDecision) -> Bool {
        namespace == other.namespace && rule == other.rule && key == other.key && nth == other.nth
            && occurrence == other.occurrence
    }
}

/// Where a replay and its record part.
public struct ReplayDifference: Sendable, Hashable, CustomStringConvertible {
    /// What the record has; nil: nothing, where it should have something.
    public let recorded: ReplayedDecision?
    /// What was decided here, about the request of its entry; nil: nothing.
    public let replayed: ReplayedDecision?

    public var description: String {
        switch (recorded, replayed) {
        case (let recorded?, let replayed?): "the record has \(recorded); played again it is \(replayed)"
        case (let recorded?, nil): "the record has \(recorded); played again nothing strikes there"
        case (nil, let replayed?): "the record has nothing; played again it is \(replayed)"
        case (nil, nil): "nothing"
        }
    }
}
