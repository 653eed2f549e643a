import Logging
import MessageHub

/// What a hub is started with.
public struct HubConfiguration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes a free one.
    public var port = 0
    /// How it listens with TLS too; nil: it does not.
    public var tls: HubTLS?
    public var users = [HubUser.guest]
    public var virtualHosts = ["/"]
    /// As whom the mechanism `EXTERNAL` logs in, without any proof; nil: it is not offered.
    public var externalUser: String?
    /// What is proposed to clients, in seconds; 0 = no heartbeats.
    public var heartbeatSeconds: UInt16 = 60
    public var limits = HubSimLimits()
    /// Which RabbitMQ it is taken for. Changes the size that messages may have too, unless that was set to something of
    /// one's own.
    public var personality = Personality.rabbitMQ310 {
        didSet {
            if limits.messageBytesMax == oldValue.messageBytesMax {
                limits.messageBytesMax = personality.messageBytesMax
            }
        }
    }
    /// What there is from the beginning, as RabbitMQ exports it.
    public var definitions: Definitions?
    /// Where random names begin.
    public var seed: UInt64 = 0
    /// The clock that everything hangs on; nil: the real one.
    public var time: TimeSource?

    /// Where connections, refusals and what is not kept are written down; nothing of messages.
    public var logger = Logger(label: "hubsim") { _ in SwiftLogNoOpLogHandler() }

    /// Gets everything that goes over every connection, decoded, in order, from a thread of its own. One that is too slow
    /// misses frames and is told how many; it never holds up the hub. Nil: nobody looks, at no cost.
    public var trace: (@Sendable (TracedFrame) -> Void)?
    /// Where the bytes of every socket are kept as packets; nil: nowhere.
    public var capture: PacketCapture?

    public init() {}
}
