import HubProtocol
import MessageHub

/// What a run is given: the hub, and whatever else there is.
public struct Surroundings: Sendable {
    public var hub: any MessageHub
    public var topology: Topology
    /// Base URL of the asset API without a slash at its end; where `nil`, what the service announces.
    public var storageURL: String?
    /// Bearer token of the asset API.
    public var token: String?
    /// `nil`: nothing is asked over HTTP.
    public var transport: (any AssetTransport)?
    /// Restarts the service under test and returns when that is done; the service may take a while to be back.
    public var restart: (@Sendable () async throws -> Void)?
    /// Whether the service has little room, and may be filled up by the run.
    public var hasLittleRoom: Bool
    /// The hub from the inside, where this process hosts it.
    public var inside: (any HubInside)?
    public var time: TimeSource
    /// A new UUID in lower case each time.
    public var makeID: @Sendable () -> String

    public init(
        hub: any MessageHub,
        topology: Topology = Topology(),
        storageURL: String? = nil,
        token: String? = nil,
        transport: (any AssetTransport)? = nil,
        restart: (@Sendable () async throws -> Void)? = nil,
        hasLittleRoom: Bool = false,
        inside: (any HubInside)? = nil,
        time: TimeSource,
        makeID: @escaping @Sendable () -> String
    ) {
        self.hub = hub
        self.topology = topology
        self.storageURL = storageURL
        self.token = token
        self.transport = transport
        self.restart = restart
        self.hasLittleRoom = hasLittleRoom
        self.inside = inside
        self.time = time
        self.makeID = makeID
    }
}

/// What can be seen and done only inside the hub.
public protocol HubInside: Sendable {
    /// Messages of a queue that were delivered and are not acknowledged.
    func unacknowledged(in queue: String) async -> Int
    /// Messages that wait in a queue.
    func ready(in queue: String) async -> Int
    /// The prefetch counts of a queue's consumers; 0 = without bound.
    func prefetches(of queue: String) async -> [Int]
    /// The routing keys that a queue is bound to an exchange by.
    func bindings(of queue: String, to exchange: String) async -> [String]
    /// What was refused to clients on sockets, in AMQP's words: code and text.
    func refusals() async -> [String]
    /// Cuts the connections that consume a queue, as a network would; without the queue, as a hub that was set up anew.
    func cutConsumers(of queue: String, deletingIt: Bool) async
    /// The next connections that anybody opens are refused.
    func refuseConnections(count: Int) async
    /// From now on, these are confirmed so many milliseconds later than they are taken.
    func holdConfirms(of publications: HubPublications, ms: Int) async
    /// The next of these are refused (`basic.nack`).
    func refuse(_ publications: HubPublications, count: Int) async
    /// The end of all of it, for what is published and opened from now on.
    func endTrouble()
    /// Who hears what is published to an exchange by a key.
    func listeners(to key: String, on exchange: String) async -> [HubListener]
    /// The connections that consume a queue, once for each consumer.
    func consumers(of queue: String) async -> [UInt64]
}

/// Some of what is published on the hub.
public enum HubPublications: Sendable, Hashable {
    case toQueue(String)
    /// By the routing key, in which `*` stands for any text.
    case byKey(String)
}

/// A queue that is bound, and who consumes it.
public struct HubListener: Sendable, Hashable {
    public var queue: String
    /// The connections that consume it, once for each consumer.
    public var connections: [UInt64]

    public init(queue: String, connections: [UInt64]) {
        self.queue = queue
        self.connections = connections
    }
}
