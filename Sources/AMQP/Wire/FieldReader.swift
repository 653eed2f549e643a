/// Reads fields from a payload, in order, and never past its end (AMQP 0-9-1 §4.2.5).
///
/// Each function takes the field's name for its error: `SYNTAX_ERROR` for what is malformed, `FRAME_ERROR` for a name that
/// is not UTF-8, `RESOURCE_ERROR` for a table over the limits. What that means for the peer, the caller knows.
struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    /// Where the innermost table or array ends; the payload's end outside of any.
    private var end: Int
    private let limits: Limits
    private var entriesLeft = 0

    init(_ bytes: UnsafeRawBufferPointer, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
        end = bytes.count
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { offset == end }

    /// Nothing may follow the last field.
    func expectEnd() throws(ProtocolError) {
        guard isAtEnd else { throw ProtocolError(.syntaxError, "\(end - offset) octets after the last field") }
    }

    mutating func octet(_ field: StaticString) throws(ProtocolError) -> UInt8 { try integer(field) }
    mutating func short(_ field: StaticString) throws(ProtocolError) -> UInt16 { try integer(field) }
    mutating func long(_ field: StaticString) throws(ProtocolError) -> UInt32 { try integer(field) }
    mutating func longLong(_ field: StaticString) throws(ProtocolError) -> UInt64 { try integer(field) }

    /// A big-endian integer (§4.2.5.1).
    @inline(__always)
    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ field: StaticString
    ) throws(ProtocolError) -> Value {
        let size = MemoryLayout<Value>.size
        guard end - offset >= size else { throw truncated(field) }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += size
        return Value(bigEndian: value)
    }

    /// A short string: an octet of length, then UTF-8 (§4.2.5.3).
    mutating func shortString(_ field: StaticString) throws(ProtocolError) -> String {
        let count = Int(try octet(field))
        guard count > 0 else { return "" }
        guard let text = String(utf8: try take(count, field)) else {
            throw ProtocolError(.frameError, ProtocolError.notUTF8, detail: "\(field) is not UTF-8")
        }
        return text
    }

    /// A long string: 32 bits of length, then any octets.
    mutating func longString(_ field: StaticString) throws(ProtocolError) -> [UInt8] {
        Array(try take(Int(try long(field)), field))
    }

    /// A long string that must be UTF-8.
    mutating func longText(_ field: StaticString) throws(ProtocolError) -> String {
        guard let text = String(utf8: try take(Int(try long(field)), field)) else {
            throw ProtocolError(.syntaxError, "\(field) is not UTF-8")
        }
        return text
    }

    mutating func skipShortString(_ field: StaticString) throws(ProtocolError) {
        _ = try take(Int(try octet(field)), field)
    }

    mutating func skipLongString(_ field: StaticString) throws(ProtocolError) {
        _ = try take(Int(try long(field)), field)
    }

    /// A field table: 32 bits of length in octets, then names with values (§4.2.5.5).
    mutating func table(_ field: StaticString) throws(ProtocolError) -> FieldTable {
        entriesLeft = limits.tableEntriesMax
        return try table(field, depth: 1)
    }

    private mutating func table(_ field: StaticString, depth: Int) throws(ProtocolError) -> FieldTable {
        let outerEnd = try enter(field, depth)
        let table = try entries(field, depth: depth)
        end = outerEnd
        return table
    }

    /// A field table without its length: entries up to the end.
    mutating func entries(_ field: StaticString) throws(ProtocolError) -> FieldTable {
        entriesLeft = limits.tableEntriesMax
        return try entries(field, depth: 1)
    }

    private mutating func entries(_ field: StaticString, depth: Int) throws(ProtocolError) -> FieldTable {
        var table = FieldTable()
        while offset < end {
            try countEntry(field)
            let key = try shortString(field)
            table.entries.append(FieldTable.Entry(key: key, value: try value(field, depth: depth)))
        }
        return table
    }

    private mutating func array(_ field: StaticString, depth: Int) throws(ProtocolError) -> [FieldValue] {
        let outerEnd = try enter(field, depth)
        var values: [FieldValue] = []
        while offset < end {
            try countEntry(field)
            values.append(try value(field, depth: depth))
        }
        end = outerEnd
        return values
    }

    private mutating func value(_ field: StaticString, depth: Int) throws(ProtocolError) -> FieldValue {
        let type = try octet(field)
        return switch UnicodeScalar(type) {
        case "t": .bool(try octet(field) != 0)
        case "b": .int8(try integer(field))
        case "B": .uint8(try octet(field))
        case "s": .int16(try integer(field))
        case "u": .uint16(try short(field))
        case "I": .int32(try integer(field))
        case "i": .uint32(try long(field))
        case "l", "L": .int64(try integer(field))
        case "f": .float(Float(bitPattern: try long(field)))
        case "d": .double(Double(bitPattern: try longLong(field)))
        case "D": .decimal(DecimalValue(scale: try octet(field), value: try long(field)))
        case "S": longStringValue(try take(Int(try long(field)), field))
        case "A": .array(try array(field, depth: depth + 1))
        case "T": .timestamp(try longLong(field))
        case "F": .table(try table(field, depth: depth + 1))
        case "V": .void
        case "x": .bytes(try longString(field))
        default: throw ProtocolError(.syntaxError, "\(field) has a value of unknown type \(type)")
        }
    }

    private func longStringValue(_ octets: UnsafeRawBufferPointer) -> FieldValue {
        if let text = String(utf8: octets) { .string(text) } else { .octets(Array(octets)) }
    }

    /// Reads a length in octets, narrows reading to them, and gives the end to go back to.
    private mutating func enter(_ field: StaticString, _ depth: Int) throws(ProtocolError) -> Int {
        guard depth <= limits.tableDepthMax else {
            throw ProtocolError(.resourceError, "\(field) is nested deeper than \(limits.tableDepthMax)")
        }
        let count = Int(try long(field))
        guard end - offset >= count else { throw truncated(field) }
        let outerEnd = end
        end = offset + count
        return outerEnd
    }

    private mutating func countEntry(_ field: StaticString) throws(ProtocolError) {
        guard entriesLeft > 0 else {
            throw ProtocolError(.resourceError, "\(field) has more than \(limits.tableEntriesMax) entries")
        }
        entriesLeft -= 1
    }

    @inline(__always)
    private mutating func take(_ count: Int, _ field: StaticString) throws(ProtocolError) -> UnsafeRawBufferPointer {
        guard end - offset >= count else { throw truncated(field) }
        let taken = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        offset += count
        return taken
    }

    @inline(never)
    private func truncated(_ field: StaticString) -> ProtocolError {
        ProtocolError(.syntaxError, "\(field) does not fit in what holds it")
    }
}
