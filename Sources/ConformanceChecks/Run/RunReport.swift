import HubProtocol
import JSON

/// What came of a run.
public struct RunReport: Sendable {
    public var runID: String
    /// The hub as people write it, without a password.
    public var hub: String
    public var topology: Topology
    public var storageURL: String?
    /// What the service said of itself, if it did.
    public var announcement: JSONValue?
    public var started: Timestamp
    public var durationMs: Int
    /// In the order of the catalogue.
    public var results: [CheckResult]
    public var stale: [Baseline.Stale]
    /// Whether every check that was asked for had its turn.
    public var isComplete: Bool
    /// Why not, where it is not.
    public var cutShort: String?
    /// What the run made and could not remove: `image …`, `asset …`.
    public var leftovers: [String]
    /// How much it made and removed.
    public var imagesMade: Int
    public var assetsMade: Int
    /// Mistakes of the checker's own.
    public var faults: [String]
    public var guesses: [Guess]

    public func count(_ outcome: Outcome) -> Int { results.count { $0.outcome == outcome } }

    /// What the process ends with (contract §6).
    public var exitStatus: Int32 {
        if !faults.isEmpty { return 70 }
        let changed = Set(stale.filter(\.fails).map(\.check))
        if results.contains(where: { $0.outcome == .fail && !changed.contains($0.id) }) { return 1 }
        if !stale.isEmpty { return 3 }
        if !isComplete || count(.couldNotRun) > 0 || !leftovers.isEmpty { return 2 }
        if count(.pass) + count(.warn) + count(.expectedFailure) == 0 { return 2 }
        return 0
    }

    /// What the exit status means, in a line.
    public var verdict: String {
        switch exitStatus {
        case 0: "conformant in what was checked"
        case 1: "not conformant: \(count(.fail)) of \(results.count) checks failed"
        case 2: results.allSatisfy { $0.outcome == .notApplicable } ? "nothing was verified" : "incomplete"
        case 3: "the baseline is stale"
        default: "the checker itself broke"
        }
    }
}
