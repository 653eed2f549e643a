import FaultPlan
import FoundationEssentials
import JSON
import Launch
import SimulatedStorage

/// `StorageSimulator replay FILE`: the decisions of a recorded journal, played again.
enum Replay {
    static let file = Setting<String>.path("JOURNAL", help: "what --record has written")

    /// Prints both digests. Throws where they differ, or where the file is no journal.
    static func run(_ values: SettingValues) throws {
        guard let path = try values.optional(file) else { throw UsageError("replay needs the file of a journal") }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw UsageError("JOURNAL (--journal) is '\(path)', which cannot be read")
        }
        var replay = JournalReplay()
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                try replay.play(JSONValue(parsing: Array(line)))
            } catch {
                throw ReplayFailure("line \(index + 1) of \(path): \(error)")
            }
        }
        print("recorded \(replay.recorded)\nreplayed \(replay.replayed)\nrequests \(replay.requests)")
        guard replay.isSame else {
            let first = replay.firstDifference.map { "; the first: \($0)" } ?? ""
            throw ReplayFailure("the decisions are not the same\(first)")
        }
        print("the decisions are the same")
    }
}

/// A journal that does not play as it was recorded.
struct ReplayFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
