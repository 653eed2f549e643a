// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `access.request` (30, 10), from the client: asks for an access ticket; kept for clients of 0-8 and 0-9.
public struct AccessRequest: MethodArguments {
    /// (30, 10).
    public static let id = MethodID(classID: 30, methodID: 10)
    /// Ignored.
    public var realm: String
    /// Only this connection (a queue) or this consumer may use it.
    public var exclusive: Bool
    /// Only verify that it exists.
    public var passive: Bool
    /// Whether content may be sent.
    public var active: Bool
    /// Ignored.
    public var write: Bool
    /// Ignored.
    public var read: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        realm: String = "",
        exclusive: Bool = false,
        passive: Bool = false,
        active: Bool,
        write: Bool = false,
        read: Bool = false
    ) {
        self.realm = realm
        self.exclusive = exclusive
        self.passive = passive
        self.active = active
        self.write = write
        self.read = read
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        realm = try reader.shortString("realm")
        let bits = try reader.octet("exclusive")
        self.exclusive = bits & 0x01 != 0
        self.passive = bits & 0x02 != 0
        self.active = bits & 0x04 != 0
        self.write = bits & 0x08 != 0
        self.read = bits & 0x10 != 0
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(realm, "realm")
        var bits: UInt8 = 0
        if exclusive { bits |= 0x01 }
        if passive { bits |= 0x02 }
        if active { bits |= 0x04 }
        if write { bits |= 0x08 }
        if read { bits |= 0x10 }
        writer.octet(bits)
    }

    func describe(in line: inout TraceLine) {
        line.field("realm", realm)
        line.field("exclusive", exclusive)
        line.field("passive", passive)
        line.field("active", active)
        line.field("write", write)
        line.field("read", read)
    }
}

/// `access.request-ok` (30, 11), from the server: gives a ticket that nobody looks at.
public struct AccessRequestOk: MethodArguments {
    /// (30, 11).
    public static let id = MethodID(classID: 30, methodID: 11)
    /// Ignored.
    public var ticket: UInt16

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        ticket: UInt16 = 0
    ) {
        self.ticket = ticket
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        ticket = try reader.short("ticket")
    }

    func encode(to writer: inout FieldWriter) {
        writer.short(ticket)
    }

    func describe(in line: inout TraceLine) {
        line.field("ticket", ticket)
    }
}
