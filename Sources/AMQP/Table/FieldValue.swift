import Octets

/// One value of a field table or array: the sum of the types that RabbitMQ reads and writes.
///
/// The letters are RabbitMQ's, which differ from the published grammar (AMQP 0-9-1 §4.2.1) where clients had long
/// agreed on others; see RabbitMQ's errata to 0-9-1, item 3. Equality compares the type as well as the number:
/// `.int32(1)` is not `.int64(1)`. Use ``integer`` to compare numbers whatever width they were sent in.
///
///     let arguments: FieldTable = ["x-message-ttl": .int32(60_000), "x-queue-type": "classic"]
public enum FieldValue: Sendable, Hashable {
    /// `t`: one octet; zero is false and everything else true.
    case bool(Bool)
    /// `b`: a signed octet.
    case int8(Int8)
    /// `B`: an unsigned octet.
    case uint8(UInt8)
    /// `s`: a signed 16-bit integer (never a short string, whatever the published grammar says).
    case int16(Int16)
    /// `u`: an unsigned 16-bit integer.
    case uint16(UInt16)
    /// `I`: a signed 32-bit integer.
    case int32(Int32)
    /// `i`: an unsigned 32-bit integer.
    case uint32(UInt32)
    /// `l`: a signed 64-bit integer. `L` decodes to this too, as it does in RabbitMQ, and goes out again as `l`.
    case int64(Int64)
    /// `f`: an IEEE 754 single.
    case float(Float)
    /// `d`: an IEEE 754 double.
    case double(Double)
    /// `D`: a decimal number.
    case decimal(DecimalValue)
    /// `S`: a long string that is UTF-8.
    case string(String)
    /// `S`: a long string whose octets are not UTF-8; long strings may hold any octets (§4.2.5.3).
    ///
    /// Only for such octets: what is valid UTF-8 decodes as ``string(_:)``.
    case octets([UInt8])
    /// `A`: an array, of mixed types if need be.
    case array([FieldValue])
    /// `T`: seconds since 1970-01-01T00:00:00Z, unsigned (§4.2.5.4).
    case timestamp(UInt64)
    /// `F`: a table inside the table.
    case table(FieldTable)
    /// `V`: no value.
    case void
    /// `x`: a byte array (RabbitMQ's and Qpid's addition).
    case bytes([UInt8])
}

extension FieldValue {
    /// Whether type and value are the same. Strings are where their octets are. Floats are the same where their bits are: what is not a number equals
    /// itself, so that a binding with such an argument can be found again, and zero is not minus zero.
    public static func == (left: FieldValue, right: FieldValue) -> Bool {
        switch left {
        case .bool(let value): if case .bool(let other) = right { return value == other }
        case .int8(let value): if case .int8(let other) = right { return value == other }
        case .uint8(let value): if case .uint8(let other) = right { return value == other }
        case .int16(let value): if case .int16(let other) = right { return value == other }
        case .uint16(let value): if case .uint16(let other) = right { return value == other }
        case .int32(let value): if case .int32(let other) = right { return value == other }
        case .uint32(let value): if case .uint32(let other) = right { return value == other }
        case .int64(let value): if case .int64(let other) = right { return value == other }
        case .float(let value): if case .float(let other) = right { return value.bitPattern == other.bitPattern }
        case .double(let value): if case .double(let other) = right { return value.bitPattern == other.bitPattern }
        case .decimal(let value): if case .decimal(let other) = right { return value == other }
        case .string(let value): if case .string(let other) = right { return value.isExactly(other) }
        case .octets(let value): if case .octets(let other) = right { return value == other }
        case .array(let value): if case .array(let other) = right { return value == other }
        case .timestamp(let value): if case .timestamp(let other) = right { return value == other }
        case .table(let value): if case .table(let other) = right { return value == other }
        case .void: if case .void = right { return true }
        case .bytes(let value): if case .bytes(let other) = right { return value == other }
        }
        return false
    }

    /// Feeds the hasher type and value, floats by their bits.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): Self.feed(&hasher, 0, value)
        case .int8(let value): Self.feed(&hasher, 1, value)
        case .uint8(let value): Self.feed(&hasher, 2, value)
        case .int16(let value): Self.feed(&hasher, 3, value)
        case .uint16(let value): Self.feed(&hasher, 4, value)
        case .int32(let value): Self.feed(&hasher, 5, value)
        case .uint32(let value): Self.feed(&hasher, 6, value)
        case .int64(let value): Self.feed(&hasher, 7, value)
        case .float(let value): Self.feed(&hasher, 8, value.bitPattern)
        case .double(let value): Self.feed(&hasher, 9, value.bitPattern)
        case .decimal(let value): Self.feed(&hasher, 10, value)
        case .string(let value): Self.feed(&hasher, 11, ExactText(value))
        case .octets(let value): Self.feed(&hasher, 12, value)
        case .array(let value): Self.feed(&hasher, 13, value)
        case .timestamp(let value): Self.feed(&hasher, 14, value)
        case .table(let value): Self.feed(&hasher, 15, value)
        case .void: hasher.combine(UInt8(16))
        case .bytes(let value): Self.feed(&hasher, 17, value)
        }
    }

    private static func feed(_ hasher: inout Hasher, _ type: UInt8, _ value: some Hashable) {
        hasher.combine(type)
        hasher.combine(value)
    }
}

extension FieldValue {
    /// The number, if this is an integer of any width.
    ///
    /// Brokers take `x-message-ttl` and its like in whatever width the client's language chose.
    public var integer: Int64? {
        switch self {
        case .int8(let value): Int64(value)
        case .uint8(let value): Int64(value)
        case .int16(let value): Int64(value)
        case .uint16(let value): Int64(value)
        case .int32(let value): Int64(value)
        case .uint32(let value): Int64(value)
        case .int64(let value): value
        case .bool, .float, .double, .decimal, .string, .octets, .array, .timestamp, .table, .void, .bytes: nil
        }
    }

    /// The text, if this is a long string of UTF-8.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The truth value, if this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The table, if this is one.
    public var table: FieldTable? {
        if case .table(let value) = self { value } else { nil }
    }

    /// The elements, if this is an array.
    public var array: [FieldValue]? {
        if case .array(let value) = self { value } else { nil }
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A long string, `S`.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A truth value, `t`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array, `A`.
    public init(arrayLiteral elements: FieldValue...) { self = .array(elements) }
    /// A nested table, `F`.
    public init(dictionaryLiteral elements: (String, FieldValue)...) { self = .table(FieldTable(elements)) }
}
