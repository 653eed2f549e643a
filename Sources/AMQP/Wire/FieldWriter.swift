/// Appends fields to one growing piece of memory (AMQP 0-9-1 §4.2.5).
///
/// The memory is the writer's own and the writer cannot be copied, so that a number costs a comparison and a store: an
/// array would be asked whether it is shared before each. Emptying the writer keeps the memory.
///
/// Sendable although it holds a pointer, because nothing else ever holds that pointer.
struct FieldWriter: ~Copyable, @unchecked Sendable {
    private var memory: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 512
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    @inline(__always)
    mutating func octet(_ value: UInt8) { integer(value) }
    @inline(__always)
    mutating func short(_ value: UInt16) { integer(value) }
    @inline(__always)
    mutating func long(_ value: UInt32) { integer(value) }
    @inline(__always)
    mutating func longLong(_ value: UInt64) { integer(value) }

    /// A big-endian integer (§4.2.5.1).
    @inline(__always)
    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        reserve(MemoryLayout<Value>.size)
        memory.storeBytes(of: value.bigEndian, toByteOffset: count, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    /// Overwrites four octets that are already written: a length that was not known before.
    mutating func replaceLong(at offset: Int, with value: UInt32) {
        precondition(offset >= 0 && offset + 4 <= count, "Cannot replace a length that has not been written")
        memory.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Any octets, as they are.
    @inline(__always)
    mutating func octets(_ octets: UnsafeRawBufferPointer) {
        guard let source = octets.baseAddress, octets.count > 0 else { return }
        reserve(octets.count)
        (memory + count).copyMemory(from: source, byteCount: octets.count)
        count += octets.count
    }

    /// A short string; throws if it has more than 255 octets.
    mutating func shortString(_ value: String, _ field: StaticString) throws(ProtocolError) {
        var value = value
        let size = value.utf8.count
        guard size <= 255 else {
            throw ProtocolError(.internalError, "\(field) has \(size) octets, a short string at most 255")
        }
        octet(UInt8(truncatingIfNeeded: size))
        value.withUTF8 { octets(UnsafeRawBufferPointer($0)) }
    }

    /// A long string: any octets. A precondition that they are fewer than 2^32.
    mutating func longString(_ value: [UInt8]) {
        long(UInt32(value.count))
        value.withUnsafeBytes { octets($0) }
    }

    /// A long string of text.
    mutating func longString(_ value: String) {
        var value = value
        long(UInt32(value.utf8.count))
        value.withUTF8 { octets(UnsafeRawBufferPointer($0)) }
    }

    /// A field table; throws if a name has more than 255 octets.
    mutating func table(_ table: FieldTable, _ field: StaticString) throws(ProtocolError) {
        let start = count
        long(0)
        try entries(table, field)
        replaceLong(at: start, with: UInt32(count - start - 4))
    }

    /// A field table without its length.
    mutating func entries(_ table: FieldTable, _ field: StaticString) throws(ProtocolError) {
        for entry in table.entries {
            try shortString(entry.key, field)
            try value(entry.value, field)
        }
    }

    private mutating func value(_ value: FieldValue, _ field: StaticString) throws(ProtocolError) {
        switch value {
        case .bool(let value): tag("t", UInt8(value ? 1 : 0))
        case .int8(let value): tag("b", value)
        case .uint8(let value): tag("B", value)
        case .int16(let value): tag("s", value)
        case .uint16(let value): tag("u", value)
        case .int32(let value): tag("I", value)
        case .uint32(let value): tag("i", value)
        case .int64(let value): tag("l", value)
        case .float(let value): tag("f", value.bitPattern)
        case .double(let value): tag("d", value.bitPattern)
        case .decimal(let value):
            tag("D", value.scale)
            long(value.value)
        case .string(let value):
            tag("S")
            longString(value)
        case .octets(let value):
            tag("S")
            longString(value)
        case .array(let values):
            tag("A")
            let start = count
            long(0)
            for value in values { try self.value(value, field) }
            replaceLong(at: start, with: UInt32(count - start - 4))
        case .timestamp(let value): tag("T", value)
        case .table(let value):
            tag("F")
            try table(value, field)
        case .void: tag("V")
        case .bytes(let value):
            tag("x")
            longString(value)
        }
    }

    private mutating func tag(_ type: UnicodeScalar) { octet(UInt8(ascii: type)) }

    private mutating func tag(_ type: UnicodeScalar, _ value: some FixedWidthInteger & BitwiseCopyable) {
        tag(type)
        integer(value)
    }

    /// Gives back what was written from `offset` on.
    mutating func rewind(to offset: Int) {
        precondition(offset <= count, "Cannot rewind forwards")
        count = offset
    }

    /// Makes sure that `size` more octets fit.
    @inline(__always)
    mutating func reserve(_ size: Int) {
        if capacity - count < size { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        let larger = max(count + size, capacity * 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = moved
        capacity = larger
    }

    /// What has been written, for the time of the call.
    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: memory, count: count))
    }
}
