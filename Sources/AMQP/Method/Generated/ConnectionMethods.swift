// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `connection.start` (10, 10), from the server: opens the negotiation: what the server is and how one may log in.
public struct ConnectionStart: MethodArguments {
    /// (10, 10).
    public static let id = MethodID(classID: 10, methodID: 10)
    /// 0.
    public var versionMajor: UInt8
    /// 9.
    public var versionMinor: UInt8
    /// Product, version, `capabilities`.
    public var serverProperties: FieldTable
    /// SASL mechanisms, separated by spaces.
    public var mechanisms: String
    /// Locales, separated by spaces.
    public var locales: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        versionMajor: UInt8,
        versionMinor: UInt8,
        serverProperties: FieldTable = [:],
        mechanisms: String,
        locales: String = ""
    ) {
        self.versionMajor = versionMajor
        self.versionMinor = versionMinor
        self.serverProperties = serverProperties
        self.mechanisms = mechanisms
        self.locales = locales
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        versionMajor = try reader.octet("version-major")
        versionMinor = try reader.octet("version-minor")
        serverProperties = try reader.table("server-properties")
        mechanisms = try reader.longText("mechanisms")
        locales = try reader.longText("locales")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.octet(versionMajor)
        writer.octet(versionMinor)
        try writer.table(serverProperties, "server-properties")
        writer.longString(mechanisms)
        writer.longString(locales)
    }

    func describe(in line: inout TraceLine) {
        line.field("version-major", versionMajor)
        line.field("version-minor", versionMinor)
        line.field("server-properties", serverProperties)
        line.field("mechanisms", mechanisms)
        line.field("locales", locales)
    }
}

/// `connection.start-ok` (10, 11), from the client: chooses mechanism and locale, and says what the client is.
public struct ConnectionStartOk: MethodArguments {
    /// (10, 11).
    public static let id = MethodID(classID: 10, methodID: 11)
    /// Product, version, `capabilities`.
    public var clientProperties: FieldTable
    /// The SASL mechanism chosen.
    public var mechanism: String
    /// What the mechanism sends; a secret.
    public var response: [UInt8]
    /// The locale chosen.
    public var locale: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        clientProperties: FieldTable = [:],
        mechanism: String,
        response: [UInt8],
        locale: String = ""
    ) {
        self.clientProperties = clientProperties
        self.mechanism = mechanism
        self.response = response
        self.locale = locale
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        clientProperties = try reader.table("client-properties")
        mechanism = try reader.shortString("mechanism")
        response = try reader.longString("response")
        locale = try reader.shortString("locale")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.table(clientProperties, "client-properties")
        try writer.shortString(mechanism, "mechanism")
        writer.longString(response)
        try writer.shortString(locale, "locale")
    }

    func describe(in line: inout TraceLine) {
        line.field("client-properties", clientProperties)
        line.field("mechanism", mechanism)
        line.field("response", response)
        line.field("locale", locale)
    }
}

/// `connection.secure` (10, 20), from the server: asks for more, where the mechanism takes several steps.
public struct ConnectionSecure: MethodArguments {
    /// (10, 20).
    public static let id = MethodID(classID: 10, methodID: 20)
    /// What the mechanism asks.
    public var challenge: [UInt8]

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        challenge: [UInt8]
    ) {
        self.challenge = challenge
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        challenge = try reader.longString("challenge")
    }

    func encode(to writer: inout FieldWriter) {
        writer.longString(challenge)
    }

    func describe(in line: inout TraceLine) {
        line.field("challenge", challenge)
    }
}

/// `connection.secure-ok` (10, 21), from the client: answers the challenge.
public struct ConnectionSecureOk: MethodArguments {
    /// (10, 21).
    public static let id = MethodID(classID: 10, methodID: 21)
    /// What the mechanism sends; a secret.
    public var response: [UInt8]

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        response: [UInt8]
    ) {
        self.response = response
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        response = try reader.longString("response")
    }

    func encode(to writer: inout FieldWriter) {
        writer.longString(response)
    }

    func describe(in line: inout TraceLine) {
        line.field("response", response)
    }
}

/// `connection.tune` (10, 30), from the server: proposes limits; 0 means none.
public struct ConnectionTune: MethodArguments {
    /// (10, 30).
    public static let id = MethodID(classID: 10, methodID: 30)
    /// The highest channel number; 0 = no limit.
    public var channelMax: UInt16
    /// The largest frame in octets, its 8 of overhead included; 0 = no limit.
    public var frameMax: UInt32
    /// Seconds between heartbeats; 0 = none.
    public var heartbeat: UInt16

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        channelMax: UInt16,
        frameMax: UInt32,
        heartbeat: UInt16
    ) {
        self.channelMax = channelMax
        self.frameMax = frameMax
        self.heartbeat = heartbeat
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        channelMax = try reader.short("channel-max")
        frameMax = try reader.long("frame-max")
        heartbeat = try reader.short("heartbeat")
    }

    func encode(to writer: inout FieldWriter) {
        writer.short(channelMax)
        writer.long(frameMax)
        writer.short(heartbeat)
    }

    func describe(in line: inout TraceLine) {
        line.field("channel-max", channelMax)
        line.field("frame-max", frameMax)
        line.field("heartbeat", heartbeat)
    }
}

/// `connection.tune-ok` (10, 31), from the client: settles the limits, none above what was proposed.
public struct ConnectionTuneOk: MethodArguments {
    /// (10, 31).
    public static let id = MethodID(classID: 10, methodID: 31)
    /// The highest channel number; 0 = no limit.
    public var channelMax: UInt16
    /// The largest frame in octets, its 8 of overhead included; 0 = no limit.
    public var frameMax: UInt32
    /// Seconds between heartbeats; 0 = none.
    public var heartbeat: UInt16

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        channelMax: UInt16,
        frameMax: UInt32,
        heartbeat: UInt16
    ) {
        self.channelMax = channelMax
        self.frameMax = frameMax
        self.heartbeat = heartbeat
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        channelMax = try reader.short("channel-max")
        frameMax = try reader.long("frame-max")
        heartbeat = try reader.short("heartbeat")
    }

    func encode(to writer: inout FieldWriter) {
        writer.short(channelMax)
        writer.long(frameMax)
        writer.short(heartbeat)
    }

    func describe(in line: inout TraceLine) {
        line.field("channel-max", channelMax)
        line.field("frame-max", frameMax)
        line.field("heartbeat", heartbeat)
    }
}

/// `connection.open` (10, 40), from the client: chooses the virtual host.
public struct ConnectionOpen: MethodArguments {
    /// (10, 40).
    public static let id = MethodID(classID: 10, methodID: 40)
    /// The virtual host, such as `/`.
    public var virtualHost: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        virtualHost: String
    ) {
        self.virtualHost = virtualHost
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        virtualHost = try reader.shortString("virtual-host")
        try reader.skipShortString("reserved-1")
        _ = try reader.octet("reserved-2")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(virtualHost, "virtual-host")
        writer.octet(0)
        writer.octet(0)
    }

    func describe(in line: inout TraceLine) {
        line.field("virtual-host", virtualHost)
    }
}

/// `connection.close` (10, 50), from the client or the server: says why this side wants to close; nothing but `close-ok` may follow.
public struct ConnectionClose: MethodArguments {
    /// (10, 50).
    public static let id = MethodID(classID: 10, methodID: 50)
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

/// `connection.blocked` (10, 60), from the server: publishing is throttled; only for clients with the capability `connection.blocked`.
public struct ConnectionBlocked: MethodArguments {
    /// (10, 60).
    public static let id = MethodID(classID: 10, methodID: 60)
    /// The reason, for people.
    public var reason: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        reason: String = ""
    ) {
        self.reason = reason
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        reason = try reader.shortString("reason")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        try writer.shortString(reason, "reason")
    }

    func describe(in line: inout TraceLine) {
        line.field("reason", reason)
    }
}

/// `connection.update-secret` (10, 70), from the client: replaces a credential that is about to expire.
public struct ConnectionUpdateSecret: MethodArguments {
    /// (10, 70).
    public static let id = MethodID(classID: 10, methodID: 70)
    /// The new credential.
    public var newSecret: [UInt8]
    /// The reason, for people.
    public var reason: String

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        newSecret: [UInt8],
        reason: String = ""
    ) {
        self.newSecret = newSecret
        self.reason = reason
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        newSecret = try reader.longString("new-secret")
        reason = try reader.shortString("reason")
    }

    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.longString(newSecret)
        try writer.shortString(reason, "reason")
    }

    func describe(in line: inout TraceLine) {
        line.field("new-secret", newSecret)
        line.field("reason", reason)
    }
}
