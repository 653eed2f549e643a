import JSON

/// Writes JSON (RFC 8259) as few do: other bytes for the same value.
struct OddJSONWriter: Sendable {
    var indents = false
    var escapes = false
    var reversesKeys = false
    var writesFractions = false
    var writesExponents = false

    func bytes(of value: JSONValue) -> [UInt8] {
        let blank = indents ? "\r\n\t " : ""
        return Array((blank + text(of: value) + blank).utf8)
    }

    private var blank: String { indents ? " \n\t" : "" }

    private func text(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)" + (writesFractions ? ".0" : "") + (writesExponents ? "e0" : "")
        case .number(let number): number.description
        case .string(let text): quoted(text)
        case .array(let elements): "[" + blank + joined(elements.map(text)) + blank + "]"
        case .object(let members): "{" + blank + joined(sorted(members).map(member)) + blank + "}"
        }
    }

    private func joined(_ texts: [String]) -> String { texts.joined(separator: blank + "," + blank) }

    private func member(_ key: String, _ value: JSONValue) -> String {
        quoted(key) + blank + ":" + blank + text(of: value)
    }

    private func sorted(_ members: [String: JSONValue]) -> [(String, JSONValue)] {
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
        return reversesKeys ? sorted.reversed() : sorted
    }

    private func quoted(_ text: String) -> String {
        guard escapes else { return String(decoding: JSONValue.string(text).encoded(), as: UTF8.self) }
        return "\"" + text.unicodeScalars.map(Self.escaped).joined() + "\""
    }

    /// Above the basic plane in two: a surrogate pair (RFC 8259 §7).
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) { return String(scalar) }
        return String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: true)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
