import AMQP
import FoundationEssentials

/// What was heard after each step of scenarios, by their names.
struct Transcripts: Codable {
    /// The product and version that it was recorded from.
    var recordedFrom: String
    var heard: [String: [[String]]]

    /// `fixtures/hubsim/transcripts`, beside `Package.swift`.
    private static func file(_ name: String, _ here: String = #filePath) -> String {
        var folder = here[...]
        while !FileManager.default.fileExists(atPath: folder + "/Package.swift"), let slash = folder.lastIndex(of: "/")
        {
            folder = folder[..<slash]
        }
        return folder + "/fixtures/hubsim/transcripts/" + name
    }

    static func read() throws -> Transcripts {
        try JSONDecoder().decode(Transcripts.self, from: Data(contentsOf: URL(filePath: file("rabbitmq-3.10.json"))))
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: Self.file("rabbitmq-3.10.json")))
    }

    /// Where the hub is known to answer otherwise: the scenario's name and the reason.
    static func knownDifferences() throws -> [String: String] {
        try JSONDecoder().decode(
            [String: String].self,
            from: Data(contentsOf: URL(filePath: file("known-differences.json")))
        )
    }
}

extension Frame {
    /// The frame as a transcript shows it: bodies as text, and without what is new in every run.
    var line: String {
        let text: String
        if case .body(let channel, let octets) = self {
            text = "\(channel) body '\(String(decoding: octets, as: UTF8.self))'"
        } else {
            text = description
        }
        return
            text
            .replacing(/amq\.(gen|ctag)-[A-Za-z0-9_-]{22}/) { "amq.\($0.output.1)-…" }
            .replacing(/time: [0-9TZ:-]{6,}s?/) { _ in "time: …" }
    }
}
