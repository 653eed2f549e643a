import Files
import FoundationEssentials
import JSON

/// Collects the addresses that a program's servers are bound to, and says when all are there.
///
/// "Ready" means that the listeners are bound, even while the hub is away.
public actor ReadyBoard {
    private let program: String
    private let keys: [String]
    private let notes: [ReadyNote]
    private let file: String?
    private var addresses: [String: String] = [:]

    init(program: String, expecting keys: [String], notes: [ReadyNote] = [], file: String?) {
        self.program = program
        self.keys = keys
        self.notes = notes
        self.file = file
    }

    /// Notes an address. With the last one, prints all of them to standard output and writes the ready file.
    ///
    /// Throws where the ready file cannot be written: whoever waits for it would wait for ever.
    public func bound(_ key: String, at url: String) throws {
        precondition(keys.contains(key), "Cannot note an address that nobody expects: \(key)")
        addresses[key] = url
        guard addresses.count == keys.count else { return }
        try tell()
    }

    /// Says at once that the program is ready, where it binds no address.
    ///
    /// Throws where the ready file cannot be written.
    public func nothingToBind() throws {
        precondition(keys.isEmpty, "Addresses are expected: \(keys)")
        try tell()
    }

    private func tell() throws {
        var lines = ["\(program) is ready"]
        let told = keys.map { ReadyNote(name: $0, value: addresses[$0] ?? "") } + notes
        let width = told.map(\.name.count).reduce(8, max)
        for note in told {
            lines.append("  \(note.name)\(String(repeating: " ", count: width - note.name.count)) \(note.value)")
        }
        // The file first: a program that cannot say so is not ready.
        if let file { try write(file) }
        guard !told.isEmpty else { return }
        StandardStream.output.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// One JSON line, written beside the file and moved there, so that nobody reads half of it.
    private func write(_ file: String) throws {
        var members = addresses.mapValues(JSONValue.string)
        members["pid"] = .integer(Int64(ProcessInfo.processInfo.processIdentifier))
        let line = JSONValue.object(members).encoded() + Array("\n".utf8)
        do {
            try Data(line).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw UsageError("READY_FILE (--ready-file) is '\(file)', but it cannot be written there")
        }
    }
}

/// A line of what a program tells once it is ready, such as `seed     42`.
public struct ReadyNote: Sendable, Hashable {
    /// A word.
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
