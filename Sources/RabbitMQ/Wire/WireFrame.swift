import MessageHub

/// What the hub sent, one AMQP frame a value. Only the methods that this client has a use for have a case.
enum WireFrame: Equatable {
    /// The hub did what was asked on this channel.
    case reply(channel: UInt16, WireReply)
    case channelClose(channel: UInt16, WireClose)
    case channelCloseOK(channel: UInt16)
    case connectionClose(WireClose)
    case connectionCloseOK
    case blocked(reason: String)
    case unblocked
    case flow(channel: UInt16, isActive: Bool)
    /// The hub cancelled the consumer of this channel.
    case cancel(channel: UInt16)
    /// `multiple`: also for everything before. Tag 0 with `multiple`: for everything.
    case confirm(channel: UInt16, tag: UInt64, multiple: Bool, isAck: Bool)
    /// A message begins: header and body frames follow on this channel.
    case content(channel: UInt16, ContentCarrier)
    /// The message without its body.
    case header(channel: UInt16, HubMessage, bodyBytes: UInt64)
    case body(channel: UInt16, [UInt8])
    /// A method that has no place here, as class and method id.
    case other(channel: UInt16, classID: UInt16, methodID: UInt16)
}

/// A positive answer.
enum WireReply: Equatable {
    case openOK
    case exchangeDeclareOK
    case queueDeclareOK(DeclaredQueue)
    case bindOK
    case qosOK
    case consumeOK
}

/// Why the hub closed a channel or the connection (AMQP 0-9-1 §1.5.2.5), and the method that made it.
struct WireClose: Equatable {
    var code: Int
    var text: String
    var classID: UInt16
    var methodID: UInt16

    /// `404 NOT_FOUND - no queue 'x' in vhost '/'`.
    var summary: String { "\(code) \(text)" }
}

/// The method in front of a message: why it comes.
enum ContentCarrier: Equatable {
    case delivery(tag: UInt64, isRedelivered: Bool, exchange: String, routingKey: String)
    case returned(code: Int, text: String, exchange: String, routingKey: String)
}
