import AMQP

/// A connection at one moment.
public struct ConnectionSnapshot: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case running
        /// It publishes, memory is short, and it is not read from.
        case blocked
        /// It does not take what it is sent, and its consumers wait.
        case congested
    }

    public var id: UInt64
    public var name: String
    public var user: String
    public var vhost: String
    /// Both addresses, `client -> hub`; nil in-process.
    public var peer: String?
    public var isInProcess: Bool { peer == nil }
    /// `AMQP 0-9-1`, or `in-process`.
    public var protocolName: String { peer == nil ? "in-process" : "AMQP 0-9-1" }
    public var isTLS: Bool
    /// What its client said of itself.
    public var clientProperties: FieldTable
    /// Since the hub began.
    public var connectedAt: Duration
    /// As agreed; 0: no heartbeats.
    public var heartbeatSeconds: UInt16
    /// As agreed; 0: no limit.
    public var frameBytesMax: UInt32
    public var channelMax: UInt16
    /// On its socket, before TLS; 0 in-process.
    public var receivedBytes: UInt64
    public var sentBytes: UInt64
    public var state: State
    public var isBlocked: Bool { state == .blocked }
    public var channels: [ChannelSnapshot]
}

extension ConnectionSnapshot {
    init(_ connection: BrokerConnection, _ traffic: Traffic) {
        id = connection.id.rawValue
        name = connection.profile.name
        user = connection.profile.user
        vhost = connection.profile.virtualHost
        peer = connection.profile.peer
        isTLS = connection.profile.isTLS
        clientProperties = connection.profile.clientProperties
        connectedAt = connection.openedAt.sinceStart
        heartbeatSeconds = connection.profile.heartbeatSeconds
        frameBytesMax = connection.profile.frameBytesMax
        channelMax = connection.profile.channelMax
        receivedBytes = traffic.receivedBytes
        sentBytes = traffic.sentBytes
        state = connection.isBlocked ? .blocked : connection.isCongested ? .congested : .running
        channels = connection.channels.values.sorted { $0.number < $1.number }.map(ChannelSnapshot.init)
    }
}
