import FoundationEssentials

/// A `.env` file: one `KEY=value` a line.
///
/// Empty lines and lines that start with `#` say nothing; `export ` before a key is allowed. A value in double quotes
/// may hold `\"`, `\\` and `\n`; one in single quotes is taken as it stands; one without quotes ends before ` #`. The
/// last line for a key counts. Nothing is expanded.
public struct DotEnvFile: Sendable, Hashable {
    /// A value and the line that it stands on, from 1.
    public struct Entry: Sendable, Hashable {
        public let text: String
        public let line: Int
    }

    /// By key.
    public let entries: [String: Entry]

    public static let empty = DotEnvFile(entries: [:])
    /// A longer file is refused.
    public static let bytesMax = 1 << 20

    private init(entries: [String: Entry]) { self.entries = entries }

    /// Reads the file's text. Throws with the line of the first mistake.
    public init(parsing text: String) throws(UsageError) {
        var entries: [String: Entry] = [:]
        for (index, raw) in text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            var line = raw.trimmingSpace()
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = line.dropFirst("export ".count).trimmingSpace() }
            guard let equals = line.firstIndex(of: "=") else {
                throw UsageError("line \(index + 1) of .env has no '='")
            }
            let key = String(line[..<equals].trimmingSpace())
            guard !key.isEmpty, key.utf8.allSatisfy(Self.isKeyByte) else {
                throw UsageError("line \(index + 1) of .env does not start with a name")
            }
            let text = try Self.value(line[line.index(after: equals)...].trimmingSpace(), line: index + 1)
            entries[key] = Entry(text: text, line: index + 1)
        }
        self.init(entries: entries)
    }

    /// Reads `.env` in a folder; an empty one where there is no such file.
    public static func load(inFolder folder: String) throws(UsageError) -> DotEnvFile {
        let path = folder + "/.env"
        guard FileManager.default.fileExists(atPath: path) else { return .empty }
        guard let data = FileManager.default.contents(atPath: path), data.count <= bytesMax,
            let text = String(validating: data, as: UTF8.self)
        else { throw UsageError(".env cannot be read as UTF-8 text of at most \(bytesMax) bytes") }
        return try DotEnvFile(parsing: text)
    }

    private static func value(_ text: Substring, line: Int) throws(UsageError) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            // A `#` that follows white space starts a comment; any other belongs to the value.
            var end = text.startIndex
            var previousIsSpace = true
            while end < text.endIndex, !(text[end] == "#" && previousIsSpace) {
                previousIsSpace = text[end] == " " || text[end] == "\t"
                end = text.index(after: end)
            }
            return String(text[..<end].trimmingSpace())
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let after = rest.trimmingSpace()
                guard after.isEmpty || after.hasPrefix("#") else {
                    throw UsageError("line \(line) of .env goes on after the closing quote")
                }
                return value
            }
            guard quote == "\"", character == "\\", let escaped = rest.popFirst() else {
                value.append(character)
                continue
            }
            switch escaped {
            case "n": value.append("\n")
            case "\"", "\\": value.append(escaped)
            default: value += ["\\", escaped]
            }
        }
        throw UsageError("line \(line) of .env has no closing quote")
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Substring {
    fileprivate func trimmingSpace() -> Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }
}
