import HTTPServing
import HubProtocol
import Logging
import MessageHub
import ServiceLifecycle
import Synchronization

/// The service's life on the hub: one connection, taken up again by itself, over which it asks storage, listens for who
/// is there, and announces itself.
///
/// It starts when HTTP listens, because its announcement says where.
final class HubSide: Sendable {
    private struct State: Sendable {
        var link: HubLink?
        var announcer: Announcer?
    }

    let requester: Requester
    let directory: ServiceDirectory
    private let state = Mutex(State())
    private let hub: any MessageHub
    private let topology: Topology
    private let instanceID: String
    private let version: String
    private let time: TimeSource
    private let alarms: Alarms
    private let logger: Logger

    /// - Parameter looksAtQueue: whether the topology's queue is storage's.
    init(
        hub: any MessageHub,
        topology: Topology,
        looksAtQueue: Bool,
        instanceID: String,
        version: String,
        time: TimeSource,
        logger: Logger
    ) {
        self.hub = hub
        self.topology = topology
        self.instanceID = instanceID
        self.version = version
        self.time = time
        alarms = Alarms(time: time)
        self.logger = logger
        requester = Requester(topology: topology, time: time, looksAtQueue: looksAtQueue, logger: logger)
        directory = ServiceDirectory(
            topology: topology,
            service: Topology.App.storageService,
            appID: Topology.App.imageService,
            time: time,
            logger: logger
        )
    }

    var hubState: HealthReport.HubState {
        switch state.withLock({ $0.link })?.state.value.phase {
        case .connected: .connected
        case .blocked: .blocked
        case .connecting, .disconnected, nil: .disconnected
        }
    }

    /// Whether nobody has taken requests for a while. Where the hub does not tell at once, storage counts as there.
    func isStorageKnownAway() async -> Bool {
        do {
            return try await Deadline(after: Limits.lookMax, of: time).limiting(alarms) { [requester] in
                try await requester.isStorageKnownAway()
            }
        } catch {
            return false
        }
    }

    private enum Limits {
        /// How long a failed request for bytes waits for the hub's word on whether to try again.
        static let lookMax = Duration.milliseconds(250)
    }

    /// What goes over the hub, in numbers.
    var traffic: HubTraffic {
        let link = state.withLock { $0.link }?.state.value ?? HubLinkState()
        return HubTraffic(
            isConnected: link.isConnected,
            reconnects: link.reconnectCount,
            requests: requester.counters
        )
    }

    var announced: StorageSigns.Announced {
        let instances = directory.snapshot.instances(of: Topology.App.storageService)
        if instances.contains(where: { $0.status == .up }) { return .up }
        return instances.isEmpty ? .nothing : .draining
    }

    /// Keeps the connection until the program drains. To be called once.
    ///
    /// - Parameter url: where this service is reached.
    func run(announcing url: String) async {
        let announcer = Announcer(
            ServiceAnnouncement(
                service: Topology.App.imageService,
                instanceID: instanceID,
                version: version,
                status: .up,
                url: url,
                operations: []
            ),
            topology: topology,
            appID: Topology.App.imageService,
            time: time,
            logger: logger
        )
        let link = HubLink(
            hub: hub,
            participants: [requester, directory, announcer],
            time: time,
            seed: .random(in: .min ... .max),
            logger: logger
        )
        state.withLock { $0 = State(link: link, announcer: announcer) }
        await link.run()
    }

    /// Tells the others that this instance finishes what it has.
    func announceDraining() async { await state.withLock { $0.announcer }?.drain() }

    /// Tells the others that this instance goes.
    func announceDown() async { await state.withLock { $0.announcer }?.withdraw() }
}

/// Says something when the service that stands before it in the list has still to be stopped: services are stopped from
/// the last to the first.
struct Farewell: Service {
    let say: @Sendable () async -> Void

    func run() async throws {
        try await gracefulShutdown()
        await say()
    }
}
