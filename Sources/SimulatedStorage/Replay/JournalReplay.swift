import FaultPlan
import JSON

/// Plays the decisions of a recorded journal again: the plans that were armed, and the requests that came, in their
/// order; and says whether the same faults strike.
///
///     var replay = JournalReplay()
///     for line in lines { try replay.play(JSONValue(parsing: line)) }
///     replay.finish()
///     replay.isSame            // the same faults struck the same requests
public struct JournalReplay: Sendable {
    private var deciders: [String: FaultDecider] = [:]
    /// The decision about the latest request of a namespace, where one was made here and the record's is not read yet: it
    /// stands before the namespace's next request.
    private var waiting: [String: (request: ReplayedDecision, decision: JournalEntry)] = [:]
    private var recordedDigests = NamespaceDigests()
    private var replayedDigests = NamespaceDigests()
    /// With the decisions of a hub in the same process, as the record's last line has them.
    private var allDigests = NamespaceDigests()
    /// The digest in the record's last line.
    public private(set) var recordsOwn: String?
    /// Where the two runs part.
    public private(set) var firstDifference: ReplayDifference?
    /// Requests to the storage that were played.
    public private(set) var requests = 0
    /// Those of them that a plan was asked about.
    public private(set) var judged = 0

    private static let kinds = FaultKindSet.all(of: .storageHub)
    private static let assetKinds = FaultKindSet.all(of: .storageAssets)

    public init() {}

    /// The digest of the storage's decisions that are in the journal, since each namespace's last reset.
    public var recorded: String { recordedDigests.total.description }
    /// The digest of the decisions that were made here.
    public var replayed: String { replayedDigests.total.description }

    public var isSame: Bool { firstDifference == nil && recorded == replayed }

    /// Whether the record has its last line, and all the decisions that it counts; true for a record without that line,
    /// which its process did not come to write.
    public var isWhole: Bool { recordsOwn.map { $0 == allDigests.total.description } ?? true }

    /// Plays the next entry. Throws where it is none.
    public mutating func play(_ json: JSONValue) throws(ReplayError) {
        if let members = json.object, members.count == 1, let digest = members["digest"]?.string {
            recordsOwn = digest
            return
        }
        let entry = try JournalEntry(recorded: json)
        switch entry.event {
        case .armed: try arm(entry)
        case .disarmed: deciders[entry.namespace] = nil
        case .request: decide(entry)
        case .decision: compare(entry)
        case .reset: reset(entry)
        case .effect, .reply, .event, .connection: break
        }
    }

    /// All is read. The last request of a record that was broken off may have lost its decision; of any other one that
    /// decision is missing.
    public mutating func finish() {
        let left = waiting.values.sorted { $0.request.sequence < $1.request.sequence }
        waiting = [:]
        guard recordsOwn != nil else { return }
        for (request, decision) in left { miss(request, decision) }
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
        settle(entry.namespace)
        guard deciders[entry.namespace] != nil else { return }
        judged += 1
        let without = (entry.details["without"]?.array ?? []).compactMap(\.string)
        let kindsWithout = without.compactMap(FaultKind.init(rawValue:))
        let all = entry.details["route"] == nil ? Self.kinds : Self.assetKinds
        let kinds = FaultKindSet(FaultKind.allCases.filter { all.contains($0) && !kindsWithout.contains($0) })
        let decision = deciders[entry.namespace]?.decide(
            FaultSubject(noted: entry.details),
            among: kinds,
            sparing: Set(without.compactMap(FaultPoint.init)),
            nowMs: entry.atMs
        )
        guard let decision else { return }
        let made = JournalEntry(
            sequence: entry.sequence,
            atMs: entry.atMs,
            event: .decision,
            namespace: entry.namespace,
            details: [
                "rule": .string(decision.rule.id), "key": .string(decision.key),
                "nth": .integer(Int64(decision.nth)), "occurrence": .integer(Int64(decision.occurrence)),
            ]
        )
        waiting[entry.namespace] = (ReplayedDecision(made), made)
    }

    private mutating func compare(_ entry: JournalEntry) {
        allDigests.note(entry)
        let kind = entry.details["kind"]?.string.flatMap(FaultKind.init(rawValue:))
        guard let kind, kind.side != .hub else { return }
        recordedDigests.note(entry)
        let recorded = ReplayedDecision(entry)
        guard let (request, decision) = waiting.removeValue(forKey: entry.namespace) else {
            return part(ReplayDifference(recorded: recorded, replayed: nil))
        }
        replayedDigests.note(decision)
        if !request.isLike(recorded) { part(ReplayDifference(recorded: recorded, replayed: request)) }
    }

    private mutating func reset(_ entry: JournalEntry) {
        settle(entry.namespace)
        recordedDigests.note(entry)
        replayedDigests.note(entry)
        allDigests.note(entry)
    }

    /// The record has nothing more about the namespace's latest request.
    private mutating func settle(_ namespace: String) {
        if let (request, decision) = waiting.removeValue(forKey: namespace) { miss(request, decision) }
    }

    private mutating func miss(_ request: ReplayedDecision, _ decision: JournalEntry) {
        replayedDigests.note(decision)
        part(ReplayDifference(recorded: nil, replayed: request))
    }

    private mutating func part(_ difference: ReplayDifference) {
        if firstDifference == nil { firstDifference = difference }
    }
}

extension JournalEntry {
    /// A line of a record. Throws where it is none.
    fileprivate init(recorded json: JSONValue) throws(ReplayError) {
        guard let details = json.object, let sequence = details["seq"]?.integer, let atMs = details["at_ms"]?.integer,
            let event = details["event"]?.string.flatMap(JournalEvent.init(rawValue:)),
            let namespace = details["namespace"]?.string
        else { throw ReplayError("is no entry of a journal") }
        self.init(sequence: Int(sequence), atMs: atMs, event: event, namespace: namespace, details: details)
    }
}

/// An entry that cannot be played.
public struct ReplayError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
