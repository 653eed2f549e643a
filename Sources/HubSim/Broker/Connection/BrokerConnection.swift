/// An open connection as the broker knows it. Owned by the broker; nobody else may hold it.
final class BrokerConnection {
    let id: ConnectionID
    let profile: ConnectionProfile
    let host: VirtualHost
    var channels: [UInt16: BrokerChannel] = [:]
    /// The exclusive queues, which go with it.
    var exclusiveQueues: [String: Queue] = [:]
    /// Bytes of messages that were handed out and are not yet known to be on their way.
    var outboundBytes = 0
    /// Whether so much was handed out that deliveries wait.
    var isCongested = false
    /// Whether it was told to stop publishing, because it did when memory was short.
    var isBlocked = false

    init(id: ConnectionID, profile: ConnectionProfile, host: VirtualHost) {
        self.id = id
        self.profile = profile
        self.host = host
    }
}
