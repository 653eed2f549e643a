/// The beginning of something for a line of a trace: bounded, and without anything that could break the line or the
/// terminal.
enum Excerpt {
    /// Octets of a body that a trace keeps.
    static let octetsMax = 64

    /// Text in quotes, or octets in hexadecimal where it is no text; `…` behind what goes on.
    static func text(_ octets: [UInt8], of size: Int) -> String {
        let more = size > octets.count ? "…" : ""
        // A character may be cut in two at the end.
        for cut in 0...min(3, octets.count) {
            if cut > 0, more.isEmpty { break }
            if let text = String(validating: octets.dropLast(cut), as: UTF8.self) { return quoted(text) + more }
        }
        let hex = octets.prefix(24).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return hex + (octets.count > 24 ? "…" : more)
    }

    /// What a client calls itself, harmless and short.
    static func name(_ name: String) -> String { escaped(name.count > 80 ? "\(name.prefix(79))…" : name) }

    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                if scalar == "\"" || scalar == "\\" || scalar == "'" { safe += "\\" }
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
