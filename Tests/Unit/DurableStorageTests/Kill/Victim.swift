import DurableStorage
import Foundation
import JSON

/// One life of the process that is killed, and what it said until then.
struct Victim {
    enum Line {
        case request(JSONValue)
        case reply(JSONValue)
        case asset(String)
        case event(JSONValue)
        case killed(at: DurableStep)
    }

    let lines: [Line]

    /// Lets it work in the directory until it is killed.
    ///
    /// - Parameters:
    ///   - step: where it is killed; at any place where `nil`.
    ///   - count: how often it gets past that step, if it does in time.
    ///   - latestMs: from when on it is killed the next time that it comes to the step, from the opening of its store; without a
    ///     step, when it is killed, from its start.
    init(
        in directory: String,
        seed: UInt64,
        round: Int,
        killedAt step: DurableStep?,
        count: Int,
        latestMs: Int
    ) async throws {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = [
            directory, String(seed), String(round), step?.rawValue ?? "none", String(count), String(latestMs),
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = try await Task.detached { try output.fileHandleForReading.readToEnd() ?? Data() }.value
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal, process.terminationStatus == SIGKILL else {
            throw VictimError(description: "it was not killed, but ended with \(process.terminationStatus)")
        }
        // The last line may be half said.
        let whole = said.prefix((said.lastIndex(of: UInt8(ascii: "\n")) ?? said.startIndex - 1) + 1)
        lines = try whole.split(separator: UInt8(ascii: "\n")).compactMap {
            try Self.line(JSONValue(parsing: Array($0)))
        }
    }

    private static func line(_ json: JSONValue) throws -> Line? {
        if let request = json["request"] { return .request(request) }
        if let reply = json["reply"] { return .reply(reply) }
        if let asset = json["asset"]?.string { return .asset(asset) }
        if let event = json["event"] { return .event(event) }
        if let step = json["killed_at"]?.string.flatMap(DurableStep.init(rawValue:)) { return .killed(at: step) }
        if json["ready"] != nil { return nil }
        throw VictimError(description: "it said \(String(decoding: json.encoded(), as: UTF8.self))")
    }

    /// Beside the test bundle that runs.
    private static let program: URL = {
        let places =
            CommandLine.arguments.map { URL(filePath: $0) }
            + [Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
        let programs = places.flatMap { [$0, $0.deletingLastPathComponent()] }
            .map { $0.appending(path: "DurableStorageVictim") }
        return programs.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? URL(filePath: ".build/debug/DurableStorageVictim")
    }()
}

struct VictimError: Error, CustomStringConvertible {
    let description: String
}
