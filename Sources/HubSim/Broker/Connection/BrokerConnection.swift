import Octets

/// An open connection as the broker knows it. Owned by the broker; nobody else may hold it.
final class BrokerConnection {
    let id: ConnectionID
    let profile: ConnectionProfile
    let host: VirtualHost
    let openedAt: Instant
    private(set) var channels: [UInt16: BrokerChannel] = [:]
    /// The channel that was asked for last: mostly it is asked for again.
    private var lastChannel: BrokerChannel?
    /// The exclusive queues, which go with it.
    var exclusiveQueues: [ExactText: Queue] = [:]
    /// Bytes of messages that were handed out and are not yet known to be on their way.
    var outboundBytes = 0
    /// Whether so much was handed out that deliveries wait.
    var isCongested = false
    /// Whether it was told to stop publishing, because it did when memory was short.
    var isBlocked = false
    /// Commands that wait until it has taken what it was handed.
    var postponed: [Command] = []
    /// Whether it was told to send nothing more because of them.
    var isHeldBack = false
    /// What its user may do; nil: everything.
    var access: VirtualHostAccess?

    init(
        id: ConnectionID,
        profile: ConnectionProfile,
        host: VirtualHost,
        access: VirtualHostAccess?,
        openedAt: Instant
    ) {
        self.openedAt = openedAt
        self.id = id
        self.profile = profile
        self.host = host
        self.access = access
    }

    func channel(_ number: UInt16) -> BrokerChannel? {
        if let lastChannel, lastChannel.number == number { return lastChannel }
        lastChannel = channels[number]
        return lastChannel
    }

    func add(_ channel: BrokerChannel) { channels[channel.number] = channel }

    func removeChannel(_ number: UInt16) {
        lastChannel = nil
        channels[number] = nil
    }

    func removeChannels() {
        lastChannel = nil
        channels.removeAll()
    }
}
