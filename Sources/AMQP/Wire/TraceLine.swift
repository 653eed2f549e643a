/// Builds one readable line: `name=value` after `name=value`.
///
/// Flags show only when they are set, tables only when they have entries. Long strings that hold credentials show their
/// size alone: a trace must not leak a secret.
struct TraceLine {
    private(set) var text: String

    init(_ start: String) { text = start }

    mutating func field(_ name: StaticString, _ value: Bool) {
        if value { text += " \(name)" }
    }

    mutating func field(_ name: StaticString, _ value: some BinaryInteger) { text += " \(name)=\(value)" }

    mutating func field(_ name: StaticString, _ value: String) {
        text += " \(name)="
        quote(value)
    }

    mutating func field(_ name: StaticString, _ value: [UInt8]) { text += " \(name)=<\(value.count) octets>" }

    mutating func field(_ name: StaticString, _ value: FieldTable) {
        guard !value.isEmpty else { return }
        text += " \(name)="
        table(value)
    }

    private mutating func table(_ table: FieldTable) {
        text += "{"
        for (index, entry) in table.entries.enumerated() {
            if index > 0 { text += ", " }
            quote(entry.key, bare: true)
            text += ": "
            value(entry.value)
        }
        text += "}"
    }

    private mutating func value(_ value: FieldValue) {
        switch value {
        case .bool(let value): text += "\(value)"
        case .int8(let value): text += "\(value)"
        case .uint8(let value): text += "\(value)"
        case .int16(let value): text += "\(value)"
        case .uint16(let value): text += "\(value)"
        case .int32(let value): text += "\(value)"
        case .uint32(let value): text += "\(value)"
        case .int64(let value): text += "\(value)"
        case .float(let value): text += "\(value)"
        case .double(let value): text += "\(value)"
        case .decimal(let value): text += "\(value.value)e-\(value.scale)"
        case .string(let value): quote(value)
        case .octets(let value), .bytes(let value): text += "<\(value.count) octets>"
        case .array(let values):
            text += "["
            for (index, each) in values.enumerated() {
                if index > 0 { text += ", " }
                self.value(each)
            }
            text += "]"
        case .timestamp(let value): text += "@\(value)"
        case .table(let value): table(value)
        case .void: text += "void"
        }
    }

    /// Quotes text and escapes what would break the line; `bare` leaves out the quotes where nothing needs them.
    private mutating func quote(_ value: String, bare: Bool = false) {
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        if bare, isPlain, !value.isEmpty {
            text += value
            return
        }
        text += "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                text += "\\"
                text.unicodeScalars.append(scalar)
            } else if scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}" {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension Method: CustomStringConvertible {
    /// Such as `basic.publish exchange="message_hub" routing-key="storage.request" mandatory`.
    public var description: String {
        var line = TraceLine(name)
        describeArguments(in: &line)
        return line.text
    }
}
