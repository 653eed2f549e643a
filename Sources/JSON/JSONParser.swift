/// Reads a JSON text (RFC 8259) from bytes, strictly: no comments, no trailing commas, no `NaN`, UTF-8 only.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private let refusesRepeatedKeys: Bool

    /// - Parameter refusesRepeatedKeys: whether a key that an object has twice is a mistake; else the last value counts.
    init(_ bytes: [UInt8], refusesRepeatedKeys: Bool = false) {
        self.bytes = bytes
        self.refusesRepeatedKeys = refusesRepeatedKeys
    }

    /// The one value of the text.
    mutating func parseDocument() throws(JSONError) -> JSONValue {
        // RFC 8259 §8.1: a reader may pass over a byte order mark. Some editors and serializers write one.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipWhitespace()
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw failure(.trailingBytes) }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw failure(.unexpectedByte)
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try enter()
        var members: [String: JSONValue] = [:]
        if try peek() == UInt8(ascii: "}") { return leave(.object(members)) }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
            let start = position
            let key = try parseString()
            if refusesRepeatedKeys, members[key] != nil { throw failure(.repeatedKey, at: start) }
            skipWhitespace()
            guard try peek() == UInt8(ascii: ":") else { throw failure(.unexpectedByte) }
            position += 1
            skipWhitespace()
            members[key] = try parseValue()
            skipWhitespace()
            switch try peek() {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace()
            case UInt8(ascii: "}"): return leave(.object(members))
            default: throw failure(.unexpectedByte)
            }
        }
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if try peek() == UInt8(ascii: "]") { return leave(.array(elements)) }
        while true {
            elements.append(try parseValue())
            skipWhitespace()
            switch try peek() {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace()
            case UInt8(ascii: "]"): return leave(.array(elements))
            default: throw failure(.unexpectedByte)
            }
        }
    }

    /// Passes over the opening bracket. The depth is bounded because values are read, compared and freed recursively.
    private mutating func enter() throws(JSONError) {
        guard depth < JSONLimits.depthMax else { throw failure(.depth) }
        depth += 1
        position += 1
        skipWhitespace()
    }

    private mutating func leave(_ value: JSONValue) -> JSONValue {
        depth -= 1
        position += 1
        return value
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[offset] else { throw failure(.unexpectedByte) }
            position += 1
        }
        return value
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func failure(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
        JSONError(reason: reason, offset: offset ?? position)
    }
}

// MARK: - Strings (RFC 8259 §7)

extension JSONParser {
    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most strings hold no escape: they are checked and copied in one piece.
        while position < bytes.count, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
            bytes[position] != UInt8(ascii: "\\")
        { position += 1 }
        if try peek() == UInt8(ascii: "\"") {
            position += 1
            return try text(bytes[start..<position - 1], start: start)
        }
        var content = Array(bytes[start..<position])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text(content[...], start: start)
            case UInt8(ascii: "\\"):
                position += 1
                try parseEscape(into: &content)
            case 0..<0x20: throw failure(.unexpectedByte)
            default:
                content.append(byte)
                position += 1
            }
        }
    }

    private func text(_ content: ArraySlice<UInt8>, start: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: content.span))
        } catch {
            throw failure(.invalidText, at: start)
        }
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(JSONError) {
        let byte = try peek()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): return try parseUnicodeEscape(into: &content)
        default: throw failure(.unexpectedByte)
        }
        position += 1
    }

    /// Reads `uXXXX`, and a second one where the first is the high half of a surrogate pair.
    private mutating func parseUnicodeEscape(into content: inout [UInt8]) throws(JSONError) {
        let start = position - 1
        var value = try parseHexUnit()
        if (0xD800...0xDBFF).contains(value) {
            guard try peek() == UInt8(ascii: "\\") else { throw failure(.invalidText, at: start) }
            position += 1
            guard try peek() == UInt8(ascii: "u") else { throw failure(.invalidText, at: start) }
            let low = try parseHexUnit()
            guard (0xDC00...0xDFFF).contains(low) else { throw failure(.invalidText, at: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure(.invalidText, at: start) }
        content.append(contentsOf: UTF8.encode(scalar)!)
    }

    private mutating func parseHexUnit() throws(JSONError) -> UInt32 {
        position += 1
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
                throw failure(.unexpectedByte)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

// MARK: - Numbers (RFC 8259 §6)

extension JSONParser {
    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        try parseDigits()
        // A number has no leading zeros.
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw failure(.unexpectedByte, at: firstDigit + 1)
        }
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try parseDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try parseDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else { throw failure(.numberRange, at: start) }
        return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    private mutating func parseDigits() throws(JSONError) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(try peek()) else { throw failure(.unexpectedByte) }
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
    }
}
