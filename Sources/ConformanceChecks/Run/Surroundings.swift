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
    /// From now on, what is published to a queue is confirmed so many milliseconds later than it is taken.
    func holdConfirms(to queue: String, ms: Int) async
    /// The end of it, for what is published from now on.
    func holdNoConfirms()
}
