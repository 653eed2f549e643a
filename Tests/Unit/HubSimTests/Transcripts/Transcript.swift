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
    /// The frame as a transcript shows it: bodies as text, the types of headers, and without what is new in every run.
    var line: String {
        let text: String
        switch self {
        case .body(let channel, let octets): text = "\(channel) body '\(String(decoding: octets, as: UTF8.self))'"
        case .header(_, let header):
            text = description + (header.properties.headers.map { " types=\($0.letters)" } ?? "")
        case .method(_, .connectionStart(let start)):
            text = "0 method connection.start mechanisms=\(start.mechanisms) locales=\(start.locales)"
        case .method, .heartbeat: text = description
        }
        return
            text
            .replacing(/amq\.(gen|ctag)-[A-Za-z0-9_-]{22}/) { "amq.\($0.output.1)-…" }
            .replacing(/amq\.rabbitmq\.reply-to\.[A-Za-z0-9_.+\/=-]{10,}/) { _ in "amq.rabbitmq.reply-to.…" }
            .replacing(/time: @[0-9]+/) { _ in "time: …" }
    }

    /// The channel that it is on.
    var channel: UInt16 {
        switch self {
        case .method(let channel, _), .header(let channel, _), .body(let channel, _): channel
        case .heartbeat: 0
        }
    }
}

extension FieldTable {
    /// The types of the values, by their letters on the wire.
    fileprivate var letters: String { "{" + entries.map { $0.value.letter }.joined() + "}" }
}

extension FieldValue {
    fileprivate var letter: String {
        switch self {
        case .bool: "t"
        case .int8: "b"
        case .uint8: "B"
        case .int16: "s"
        case .uint16: "u"
        case .int32: "I"
        case .uint32: "i"
        case .int64: "l"
        case .float: "f"
        case .double: "d"
        case .decimal: "D"
        case .string, .octets: "S"
        case .array(let values): "A[" + values.map(\.letter).joined() + "]"
        case .timestamp: "T"
        case .table(let table): "F" + table.letters
        case .void: "V"
        case .bytes: "x"
        }
    }
}
