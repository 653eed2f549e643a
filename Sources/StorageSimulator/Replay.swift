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

    /// The exit status where the decisions are not the same, or the file is no record.
    private static let different: Int32 = 1
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
            throw ExitStatus(different, saying: "the decisions are not the same; the first difference: \(first)")
        }
        guard replay.isSame else { throw ExitStatus(different, saying: "the decisions are not the same") }
        guard replay.isWhole else {
            throw ExitStatus(
                different,
                saying: "lines are missing in \(path), or were changed: "
                    + "its last line counts other decisions than it has"
            )
        }
        if let cut {
            throw ExitStatus(
                incomplete,
                saying: "line \(cut), the last of \(path), is cut: its process was ended while it wrote; "
                    + "the decisions before it are the same"
            )
        }
        guard replay.judged > 0 else {
            throw ExitStatus(
                incomplete,
                saying: "nothing is verified: \(path) has no request that came while a plan was armed"
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
                throw ExitStatus(different, saying: "line \(index + 1) of \(path): \(error)")
            }
            do throws(ReplayError) {
                try replay.play(json)
            } catch {
                throw ExitStatus(different, saying: "line \(index + 1) of \(path): \(error)")
            }
        }
        return nil
    }
}
