/// Writes frames one after another into memory that is kept for the next time (AMQP 0-9-1 §4.2.3).
///
/// Whatever throws writes nothing, so frames before it stay good. Errors say ``ReplyCode/internalError``: they are
/// mistakes of the one who writes (a short string over 255 octets, a method or header over frame-max), not the peer's.
///
///     try writer.method(.basicDeliver(deliver), channel: 1)
///     try writer.header(channel: 1, bodySize: UInt64(body.count), propertyOctets: message.propertyOctets)
///     body.withUnsafeBytes { writer.body(channel: 1, $0) }
///     writer.withUnsafeBytes { socket.write($0) }
///     writer.removeAll()
public struct FrameWriter: ~Copyable, Sendable {
    /// The largest frame in octets, overhead included, as negotiated; 0 = no limit.
    public var frameMax: UInt32

    private var fields = FieldWriter()

    /// An empty writer. Before negotiation, 4096 is what every peer takes (§4.2.3).
    public init(frameMax: UInt32 = FrameType.minimumSize) { self.frameMax = frameMax }

    /// How many octets have been written.
    public var count: Int { fields.count }

    /// How many octets fit into the memory that it has.
    package var capacity: Int { fields.capacity }

    /// Whether nothing has been written.
    public var isEmpty: Bool { fields.count == 0 }

    /// Forgets what has been written and keeps the memory, unless one large message has made it grow past 256 KiB.
    public mutating func removeAll() {
        if fields.capacity > 262_144 { fields = FieldWriter() } else { fields.rewind(to: 0) }
    }

    /// Lends out what has been written, for the time of the call.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try fields.withUnsafeBytes(body)
    }

    /// A copy of what has been written.
    public var bytes: [UInt8] { fields.withUnsafeBytes { Array($0) } }

    /// Appends the protocol header of 0-9-1: the first thing a client sends, or a server's refusal (§4.2.2).
    public mutating func protocolHeader() {
        ProtocolHeader.amqp091.octets.withUnsafeBytes { fields.octets($0) }
    }

    /// Appends a method frame.
    public mutating func method(_ method: Method, channel: UInt16) throws(ProtocolError) {
        try frame(.method, channel) { fields throws(ProtocolError) in try method.encode(to: &fields) }
    }

    /// Appends the header frame of a content of class `basic`.
    public mutating func header(
        channel: UInt16,
        bodySize: UInt64,
        properties: BasicProperties
    ) throws(ProtocolError) {
        try header(channel, classID: 60, bodySize: bodySize) { fields throws(ProtocolError) in
            try properties.encode(to: &fields)
        }
    }

    /// Appends the header frame of a content of class `basic`, with properties that are encoded already: those of
    /// ``ContentHeaderView/propertyOctets`` or ``BasicProperties/encoded()``.
    public mutating func header(
        channel: UInt16,
        bodySize: UInt64,
        propertyOctets: UnsafeRawBufferPointer
    ) throws(ProtocolError) {
        try header(channel, classID: 60, bodySize: bodySize) { fields throws(ProtocolError) in
            fields.octets(propertyOctets)
        }
    }

    /// Appends the header frame of a content of class `basic`, with properties that are encoded already.
    public mutating func header(
        channel: UInt16,
        bodySize: UInt64,
        propertyOctets: [UInt8]
    ) throws(ProtocolError) {
        try propertyOctets.withUnsafeBufferPointer { octets throws(ProtocolError) in
            try header(channel: channel, bodySize: bodySize, propertyOctets: UnsafeRawBufferPointer(octets))
        }
    }

    /// Appends a body, in as many frames as frame-max asks for; an empty body has none (§4.2.6.2).
    public mutating func body(channel: UInt16, _ octets: UnsafeRawBufferPointer) {
        let most = bodyPayloadMax
        var start = 0
        while start < octets.count {
            let size = min(most, octets.count - start)
            fields.reserve(size + FrameType.overhead)
            fields.octet(FrameType.body.rawValue)
            fields.short(channel)
            fields.long(UInt32(size))
            fields.octets(UnsafeRawBufferPointer(rebasing: octets[start..<start + size]))
            fields.octet(FrameType.end)
            start += size
        }
    }

    /// Appends a body, in as many frames as frame-max asks for.
    public mutating func body(channel: UInt16, _ octets: [UInt8]) {
        octets.withUnsafeBytes { body(channel: channel, $0) }
    }

    /// Appends a heartbeat frame.
    public mutating func heartbeat() {
        fields.octet(FrameType.heartbeat.rawValue)
        fields.short(0)
        fields.long(0)
        fields.octet(FrameType.end)
    }

    /// Appends any frame; a body larger than frame-max allows becomes several.
    public mutating func frame(_ frame: Frame) throws(ProtocolError) {
        switch frame {
        case .method(let channel, let method): try self.method(method, channel: channel)
        case .header(let channel, let header):
            try self.header(channel, classID: header.classID, bodySize: header.bodySize) {
                fields throws(ProtocolError) in
                try header.properties.encode(to: &fields)
            }
        case .body(let channel, let octets):
            guard octets.isEmpty else { return body(channel: channel, octets) }
            // A body frame of its own accord may be empty, though a body never begets one.
            try self.frame(.body, channel) { _ in }
        case .heartbeat: heartbeat()
        }
    }

    @inline(__always)
    private mutating func header(
        _ channel: UInt16,
        classID: UInt16,
        bodySize: UInt64,
        properties: (inout FieldWriter) throws(ProtocolError) -> Void
    ) throws(ProtocolError) {
        try frame(.header, channel) { fields throws(ProtocolError) in
            fields.short(classID)
            fields.short(0)
            fields.longLong(bodySize)
            try properties(&fields)
        }
    }

    /// Appends a frame of one piece around what `payload` writes.
    @inline(__always)
    private mutating func frame(
        _ type: FrameType,
        _ channel: UInt16,
        payload: (inout FieldWriter) throws(ProtocolError) -> Void
    ) throws(ProtocolError) {
        let start = fields.count
        fields.octet(type.rawValue)
        fields.short(channel)
        fields.long(0)
        do throws(ProtocolError) {
            try payload(&fields)
            fields.octet(FrameType.end)
            let size = fields.count - start
            guard frameMax == 0 || size <= Int(frameMax) else {
                throw ProtocolError(.internalError, "\(type) frame of \(size) octets; frame-max is \(frameMax)")
            }
            fields.replaceLong(at: start + 3, with: UInt32(size - FrameType.overhead))
        } catch {
            fields.rewind(to: start)
            throw error
        }
    }

    /// What fits in one body frame; without a limit, what RabbitMQ's usual frame-max allows.
    private var bodyPayloadMax: Int {
        max(1, Int(frameMax == 0 ? 131_072 : frameMax) - FrameType.overhead)
    }
}
