// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `channel.flow` (20, 20), from the client or the server: asks the other side to stop or restart sending content.
public struct ChannelFlow: MethodArguments {
    /// (20, 20).
    public static let id = MethodID(classID: 20, methodID: 20)
    /// Whether content may be sent.
    public var active: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        active: Bool
    ) {
        self.active = active
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        active = try reader.octet("active") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.octet(active ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("active", active)
    }
}

/// `channel.flow-ok` (20, 21), from the client or the server: confirms what `flow` asked for.
public struct ChannelFlowOk: MethodArguments {
    /// (20, 21).
    public static let id = MethodID(classID: 20, methodID: 21)
    /// Whether content may be sent.
    public var active: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        active: Bool
    ) {
        self.active = active
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        active = try reader.octet("active") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.octet(active ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("active", active)
    }
}

/// `channel.close` (20, 40), from the client or the server: says why this side wants to close the channel.
public struct ChannelClose: MethodArguments {
    /// (20, 40).
    public static let id = MethodID(classID: 20, methodID: 40)
    /// A number of ``ReplyCode``, or one that it does not know.
    public var replyCode: UInt16
    /// The reason, for people.
    public var replyText: String
    /// The class of the method that was the cause, or 0.
    public var classID: UInt16
    /// The method that was the cause, or 0.
    public var methodID: UInt16

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        replyCode: UInt16,
        replyText: String,
        classID: UInt16 = 0,
        methodID: UInt16 = 0
    ) {
        self.replyCode = replyCode
        self.replyText = replyText
        self.classID = classID
        self.methodID = methodID
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        replyCode = try reader.short("reply-code")
        replyText = try reader.shortString("reply-text")
        classID = try reader.short("class-id")
        methodID = try reader.short("method-id")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(replyCode)
        try writer.shortString(replyText, "reply-text")
        writer.short(classID)
        writer.short(methodID)
    }

    func describe(in line: inout TraceLine) {
        line.field("reply-code", replyCode)
        line.field("reply-text", replyText)
        line.field("class-id", classID)
        line.field("method-id", methodID)
    }
}
