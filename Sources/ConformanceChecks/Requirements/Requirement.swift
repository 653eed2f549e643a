import JSON

/// A sentence of docs/protocol.md that binds somebody.
public struct Requirement: Sendable, Hashable {
    /// `HUB-COR-001`.
    public var id: String
    /// The one RFC 2119 word of the sentence: `MUST`, `SHOULD NOT`, …
    public var keyword: String
    /// The sentence, without marks.
    public var text: String

    /// Whether breaking it is a failure, not only a warning.
    public var isBinding: Bool { keyword.hasPrefix("MUST") }
    public var link: String { "docs/protocol.md#\(id)" }

    /// Reads the sentences of the document: `- <a id="HUB-COR-001"></a>**HUB-COR-001** text`, and lines of two spaces that
    /// go on.
    public static func reading(_ document: String) -> [Requirement] {
        var requirements: [Requirement] = []
        var isOpen = false
        for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("- <a id="), let start = line.firstRange(of: "</a>**"),
                let end = line.firstRange(of: "** ")
            {
                let id = String(line[start.upperBound..<end.lowerBound])
                requirements.append(Requirement(id: id, keyword: "", text: String(line[end.upperBound...])))
                isOpen = true
            } else if isOpen, line.hasPrefix("  "), let last = requirements.indices.last {
                requirements[last].text += " " + line.drop { $0 == " " }
            } else {
                isOpen = false
            }
        }
        for index in requirements.indices { requirements[index].keyword = keyword(in: requirements[index].text) }
        return requirements
    }

    private static func keyword(in text: String) -> String {
        for word in ["MUST NOT", "MUST", "SHOULD NOT", "SHOULD", "MAY"]
        where text.contains(word) { return word }
        return ""
    }

    public var json: JSONValue {
        ["id": .string(id), "keyword": .string(keyword), "text": .string(text)]
    }

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let keyword = json["keyword"]?.string, let text = json["text"]?.string
        else { return nil }
        self.init(id: id, keyword: keyword, text: text)
    }

    init(id: String, keyword: String, text: String) {
        self.id = id
        self.keyword = keyword
        self.text = text
    }
}

/// The sentences as this build knows them; a test holds them to be those of the document.
public enum Requirements {
    public static let all: [String: Requirement] = {
        // It is ours, and a test reads it.
        guard let json = try? JSONValue(parsing: PackageResources.requirements_json), let list = json.array else {
            preconditionFailure("Cannot read requirements.json")
        }
        return Dictionary(list.compactMap { Requirement($0) }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }()
}
