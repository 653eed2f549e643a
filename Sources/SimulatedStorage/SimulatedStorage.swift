import FaultPlan
import HTTPServing
import HubProtocol
import JSON
import Logging
import MessageHub
import ServiceLifecycle
import Synchronization

/// One instance of the Storage Service: answers on the hub, serves assets over HTTP, and keeps its house.
///
///     let storage = SimulatedStorage(configuration: configuration, time: time, logger: logger)
///     // on the hub: storage.responder, and an announcer for storage.announcement(_:)
///     // services:   storage.assetServer, storage.housekeeper
///     let url = try await storage.boundURL()
public final class SimulatedStorage: Sendable {
    /// How an instance is set up.
    public struct Configuration: Sendable {
        /// The names on the hub.
        public var topology = Topology()
        /// Where the asset API listens; port 0 takes a free one.
        public var host = "127.0.0.1"
        public var port = 0
        /// The base URL that is announced; the bound address where it is `nil`.
        public var publicURL: String?
        /// The bearer token that the asset API asks for; `nil` for none.
        public var token: String?
        /// The name of this running process among the storage instances.
        public var instanceID: String
        /// The program's version.
        public var version: String
        public var limits = StorageLimits()
        /// `ttl_seconds` of its announcements; every third of it it announces itself again.
        public var ttlSeconds = ServiceAnnouncement.defaultTTLSeconds
        /// The faults that are armed from the start. Rules with kinds of the hub are passed over: theirs to take.
        public var faultPlan = FaultPlan.none
        /// Where the ids of images and events come from while no plan is armed: with the same seed, the same requests get
        /// the same ids. Nil: then they are random. While a plan is armed they come from its seed.
        public var seed: UInt64?
        /// Whether the journal tells of requests, effects, replies and events; it always tells what faults decide.
        public var journalRequests = true
        /// A mode in which it breaks the protocol, or keeps it in an odd way; `nil`: it does what is expected.
        public var mode: StorageMode?

        public init(instanceID: String, version: String) {
            self.instanceID = instanceID
            self.version = version
        }
    }

    /// What this instance shares with others on the same store.
    public let core: StorageCore
    /// Which of the instances on that store it is, from 1: what the journal calls it by.
    public var number: Int { instance.number }
    /// The storage side on the hub; runs on each connection.
    public let responder: StorageResponder
    /// Serves the asset API.
    public let assetServer: HTTPServer
    /// Clears away from time to time. One for a core is enough; more do no harm.
    public let housekeeper: Housekeeper
    /// The storages of all namespaces; `core` is the default one's.
    let spaces: StorageSpaces
    let instance: StorageInstance
    private let configuration: Configuration
    let logger: Logger

    /// A further instance on the storages of another one: the same images, assets, namespaces, plans and journal, with
    /// a connection to the hub and an asset API of its own.
    ///
    ///     let second = SimulatedStorage(configuration: configuration, beside: first, time: time, logger: logger)
    ///
    /// - Parameters:
    ///   - configuration: with an `instanceID` of its own. Its limits and its fault plan say nothing: the other one's hold.
    ///   - ids: where ids of messages come from.
    public convenience init(
        configuration: Configuration,
        beside other: SimulatedStorage,
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger
    ) {
        self.init(configuration: configuration, spaces: other.spaces, time: time, ids: ids, logger: logger)
    }

    /// - Parameters:
    ///   - core: a store that other instances share; one of its own in memory where `nil`.
    ///   - faults: plans and journal that are shared with others, such as a hub in the same process; its own where `nil`.
    ///   - ids: where ids of messages come from, and, where they come from no seed, those of images and events.
    public convenience init(
        configuration: Configuration,
        core: StorageCore? = nil,
        faults: FaultNamespaces? = nil,
        time: TimeSource,
        ids: IDSource = .random,
        logger: Logger
    ) {
        let core =
            core ?? StorageCore(limits: configuration.limits, time: time, ids: ids, logger: logger)
        let nowMs = time.nowMs
        let faults = faults ?? FaultNamespaces(journal: Journal(nowMs: nowMs), nowMs: nowMs)
        let limits = configuration.limits
        let conduct = configuration.mode?.makeConduct()
        let spaces = StorageSpaces(
            core: core,
            faults: faults,
            notesRequests: configuration.journalRequests,
            seed: configuration.seed,
            conduct: conduct
        ) {
            StorageCore(limits: limits, time: time, ids: ids, logger: logger)
        }
        if !configuration.faultPlan.rules.isEmpty { faults.standard.armConfigured(configuration.faultPlan) }
        self.init(configuration: configuration, spaces: spaces, time: time, ids: ids, logger: logger)
    }

    private init(
        configuration: Configuration,
        spaces: StorageSpaces,
        time: TimeSource,
        ids: IDSource,
        logger: Logger
    ) {
        let instance = spaces.join()
        let conduct = spaces.conduct
        let responder = StorageResponder(
            spaces: spaces,
            instance: instance,
            topology: configuration.topology,
            time: time,
            ids: ids,
            logger: logger
        )
        var routes = RouteTable()
        let controller = AssetController(
            spaces: spaces,
            authorization: BearerAuthorization(
                token: conduct.map { $0.token(configuration.token) } ?? configuration.token
            )
        ) {
            StorageHealth(
                isConsuming: responder.isConsuming,
                instanceID: configuration.instanceID,
                version: configuration.version
            )
        }
        controller.addRoutes(to: &routes)
        var middleware: [HTTPServer.Middleware] = [
            RequestIDMiddleware(), AccessLogMiddleware(),
            AssetFaultMiddleware(spaces: spaces, instance: instance, time: time),
        ]
        if let conduct { middleware.append(ConductMiddleware(conduct: conduct, spaces: spaces)) }
        assetServer = HTTPServer(
            host: configuration.host,
            port: configuration.port,
            routes: routes,
            middleware: middleware,
            logger: logger
        )
        core = spaces.standard.core
        housekeeper = Housekeeper(core: core, time: time, logger: logger)
        self.spaces = spaces
        self.instance = instance
        self.responder = responder
        self.configuration = configuration
        self.logger = logger
    }

    /// The mode that it is in; `nil`: it does what is expected.
    public var mode: StorageMode? { configuration.mode }

    /// The URL of the asset API, once it is bound. Throws `CancellationError` where the task is cancelled before.
    public func boundURL() async throws -> String { try await assetServer.boundAddress().url }

    /// How this instance announces itself (contract §3). Before the address is bound, with the one that was asked for.
    public func announcement(_ status: ServiceAnnouncement.Status) -> ServiceAnnouncement {
        ServiceAnnouncement(
            service: Topology.App.storageService,
            instanceID: configuration.instanceID,
            version: configuration.version,
            status: status,
            url: configuration.publicURL ?? assetServer.knownAddress?.url
                ?? "http://\(configuration.host):\(configuration.port)",
            operations: OperationName.allCases.map(\.rawValue),
            ttlSeconds: configuration.ttlSeconds
        )
    }
}
