import FaultPlan
import FoundationEssentials
import JSON
import Launch
import SimulatedStorage

/// `StorageSimulator replay FILE`: the decisions of a recorded journal, played again.
///
/// Exit status 0: the same faults strike. 1: they do not, or the file is no record. 2: it cannot be said of the whole:
/// the last line is cut, or there is nothing in it to be said anything of.
enum Replay {
    static let file = Setting<String>.path("JOURNAL", help: "what --record has written")

    /// The exit status where nothing is wrong, and not everything is known.
    private static let incomplete: Int32 = 2

    /// Prints both digests. Throws where they differ, where the file is no record, and where it is none that is whole.
    static func run(_ values: SettingValues) throws {
        guard let path = try values.optional(file) else { throw UsageError("replay needs the file of a journal") }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw UsageError("JOURNAL (--journal) is '\(path)', which cannot be read")
        }
        var replay = JournalReplay()
        let cut = try play(data, of: path, on: &replay)
        replay.finish()
        print("recorded \(replay.recorded)\nreplayed \(replay.replayed)\nrequests \(replay.requests)")
        if let first = replay.firstDifference {
            throw ReplayFailure("the decisions are not the same; the first difference: \(first)")
        }
        guard replay.isSame else { throw ReplayFailure("the decisions are not the same") }
        guard replay.isWhole else {
            throw ReplayFailure(
                "lines are missing in \(path), or were changed: its last line counts other decisions than it has"
            )
        }
        if let cut {
            throw ReplayFailure(
                "line \(cut), the last of \(path), is cut: its process was ended while it wrote; the decisions before it are the same",
                status: incomplete
            )
        }
        guard replay.judged > 0 else {
            throw ReplayFailure(
                "nothing is verified: \(path) has no request that came while a plan was armed",
                status: incomplete
            )
        }
        if replay.recordsOwn == nil { print("the record has no end: its process was killed, or still runs") }
        print("the decisions are the same")
    }

    /// Plays every whole line.
    /// - Returns: the number of the last line where it is cut.
    private static func play(_ data: Data, of path: String, on replay: inout JournalReplay) throws -> Int? {
        let lines = data.split(separator: UInt8(ascii: "\n"))
        for (index, line) in lines.enumerated() {
            let json: JSONValue
            do {
                json = try JSONValue(parsing: Array(line))
            } catch {
                if index == lines.count - 1, data.last != UInt8(ascii: "\n") { return index + 1 }
                throw ReplayFailure("line \(index + 1) of \(path): \(error)")
            }
            do throws(ReplayError) {
                try replay.play(json)
            } catch {
                throw ReplayFailure("line \(index + 1) of \(path): \(error)")
            }
        }
        return nil
    }
}

/// A record that does not play as it was recorded, or that cannot.
struct ReplayFailure: ExitStatusError {
    let description: String
    let exitStatus: Int32

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        exitStatus = status
    }
}
