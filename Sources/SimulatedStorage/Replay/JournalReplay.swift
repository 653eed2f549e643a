import FaultPlan
import JSON

/// Plays the decisions of a recorded journal again: the plans that were armed, and the requests that came, in their
/// order; and says whether the same faults strike.
///
///     var replay = JournalReplay()
///     for line in lines { try replay.play(JSONValue(parsing: line)) }
///     replay.isSame            // the digests are equal
public struct JournalReplay: Sendable {
    /// A decision, as far as two runs can be compared by it.
    public struct Decided: Sendable, Hashable, CustomStringConvertible {
        /// The entry of the journal that it belongs to: of the decision, or of its request.
        public let sequence: Int
        public let namespace: String
        public let rule: String
        public let nth: Int

        public var description: String { "\(rule), nth \(nth), at entry \(sequence)" }

        fileprivate func isLike(_ other: Decided) -> Bool {
            namespace == other.namespace && rule == other.rule && nth == other.nth
        }
    }

    private var deciders: [String: FaultDecider] = [:]
    /// Decisions that were made here and not read yet, by namespace, in order.
    private var waiting: [String: [Decided]] = [:]
    private var recordedSum = DecisionDigest()
    private var replayedSum = DecisionDigest()
    /// The first decision of one run that the other does not have.
    public private(set) var firstDifference: Decided?
    public private(set) var requests = 0

    private static let kinds = FaultKindSet.all(of: .storageHub)
    private static let assetKinds = FaultKindSet.all(of: .storageAssets)

    public init() {}

    /// The digest of the decisions that are in the journal.
    public var recorded: String { recordedSum.description }
    /// The digest of the decisions that were made here.
    public var replayed: String { replayedSum.description }

    public var isSame: Bool { recorded == replayed }

    /// Plays the next entry. Throws where it is none.
    public mutating func play(_ json: JSONValue) throws(ReplayError) {
        // The end of a record: the digest of all decisions, a hub's in the same process too.
        if let members = json.object, members.count == 1, members["digest"]?.string != nil { return }
        guard let details = json.object, let sequence = details["seq"]?.integer, let atMs = details["at_ms"]?.integer,
            let name = details["event"]?.string, let event = JournalEvent(rawValue: name),
            let namespace = details["namespace"]?.string
        else { throw ReplayError("is no entry of a journal") }
        let entry = JournalEntry(
            sequence: Int(sequence),
            atMs: atMs,
            event: event,
            namespace: namespace,
            details: details
        )
        switch event {
        case .armed: try arm(entry)
        case .disarmed: deciders[namespace] = nil
        case .request: decide(entry)
        case .decision: compare(entry)
        case .effect, .reply, .event, .connection, .reset: break
        }
    }

    private mutating func arm(_ entry: JournalEntry) throws(ReplayError) {
        guard let json = entry.details["plan"] else { throw ReplayError("arms a plan and does not say which") }
        do throws(InvalidFields) {
            deciders[entry.namespace] = FaultDecider(try FaultPlan(json), armedAtMs: entry.atMs)
        } catch {
            throw ReplayError("arms what is no plan: \(error)")
        }
    }

    private mutating func decide(_ entry: JournalEntry) {
        // What a hub in the same process tells of its messages.
        guard entry.details["routing_key"] == nil else { return }
        requests += 1
        let without = (entry.details["without"]?.array ?? []).compactMap {
            $0.string.flatMap(FaultKind.init(rawValue:))
        }
        let all = entry.details["route"] == nil ? Self.kinds : Self.assetKinds
        let kinds = FaultKindSet(FaultKind.allCases.filter { all.contains($0) && !without.contains($0) })
        let subject = FaultSubject(noted: entry.details)
        guard let decision = deciders[entry.namespace]?.decide(subject, among: kinds, nowMs: entry.atMs) else { return }
        replayedSum.add(
            JournalEntry(
                sequence: entry.sequence,
                atMs: entry.atMs,
                event: .decision,
                namespace: entry.namespace,
                details: [
                    "rule": .string(decision.rule.id), "key": .string(decision.key),
                    "occurrence": .integer(Int64(decision.occurrence)),
                ]
            )
        )
        waiting[entry.namespace, default: []].append(
            Decided(
                sequence: entry.sequence,
                namespace: entry.namespace,
                rule: decision.rule.id,
                nth: decision.nth
            )
        )
    }

    private mutating func compare(_ entry: JournalEntry) {
        let kind = entry.details["kind"]?.string.flatMap(FaultKind.init(rawValue:))
        guard let kind, kind.side != .hub else { return }
        recordedSum.add(entry)
        let recorded = Decided(
            sequence: entry.sequence,
            namespace: entry.namespace,
            rule: entry.details["rule"]?.string ?? "",
            nth: Int(entry.details["nth"]?.integer ?? 0)
        )
        guard firstDifference == nil else { return }
        guard let next = waiting[entry.namespace]?.first else { return firstDifference = recorded }
        waiting[entry.namespace]?.removeFirst()
        if !next.isLike(recorded) { firstDifference = recorded }
    }
}

/// An entry that cannot be played.
public struct ReplayError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
