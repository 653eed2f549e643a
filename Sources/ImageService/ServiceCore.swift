import CMalloc
import HTTPServing
import HubProtocol
import ImageFormats
import Logging
import MessageHub
import NIOPosix
import Synchronization

/// The service without its sockets: routes and middleware over the two sides of storage.
///
/// `App+build` puts it between an HTTP server and the real hub; unit tests put it between an HTTP server and fakes.
package struct ServiceCore: Sendable {
    /// The bounds on what waits inside the service.
    package enum Limits {
        /// Decodes that may wait for memory. One more is refused at once.
        static let decodesWaitingMax = 256
        /// How long a decode waits for memory; then the upload is refused.
        static let decodeWaitMax = Duration.seconds(10)
    }

    /// What the core stands on.
    package struct Parts: Sendable {
        package var hub: any OperationRequester
        package var assets: any AssetClient
        package var prober: any AssetProber
        /// Whether there is a connection to the hub now.
        package var hubState: @Sendable () -> HealthReport.HubState
        /// What storage has announced of itself.
        package var announced: @Sendable () -> StorageSigns.Announced
        /// Asks the hub for a sign of life; how many consume storage's queue, where that can be told.
        package var askHub: @Sendable () async throws -> Int?
        /// What goes over the hub, in numbers.
        package var hubTraffic: @Sendable () -> HubTraffic
        /// What is counted, by the asset client too.
        package var metrics: ServiceMetrics
        /// What could not be read as a request is counted here too, by the server.
        package var httpMetrics: HTTPMetrics
        /// Threads for decoding, away from the event loops.
        package var threads: NIOThreadPool
        package var time: TimeSource
        /// A new UUID each time.
        package var makeOperationID: @Sendable () -> String
        package var version: String
        package var logger: Logger

        package init(
            hub: any OperationRequester,
            assets: any AssetClient,
            prober: any AssetProber,
            hubState: @escaping @Sendable () -> HealthReport.HubState,
            announced: @escaping @Sendable () -> StorageSigns.Announced,
            askHub: @escaping @Sendable () async throws -> Int? = { nil },
            hubTraffic: @escaping @Sendable () -> HubTraffic = { HubTraffic() },
            metrics: ServiceMetrics = ServiceMetrics(),
            httpMetrics: HTTPMetrics = HTTPMetrics(),
            threads: NIOThreadPool,
            time: TimeSource,
            makeOperationID: @escaping @Sendable () -> String,
            version: String,
            logger: Logger
        ) {
            self.hub = hub
            self.assets = assets
            self.prober = prober
            self.hubState = hubState
            self.announced = announced
            self.askHub = askHub
            self.hubTraffic = hubTraffic
            self.metrics = metrics
            self.httpMetrics = httpMetrics
            self.threads = threads
            self.time = time
            self.makeOperationID = makeOperationID
            self.version = version
            self.logger = logger
        }
    }

    package let routes: RouteTable
    /// Outermost first.
    package let middleware: [HTTPServer.Middleware]
    private let address: BoundURL

    package init(settings: ServiceSettings, parts: Parts) {
        let budget = MemoryBudget(
            bytesMax: settings.inflightBytesMax,
            waitersMax: Limits.decodesWaitingMax,
            waitMax: Limits.decodeWaitMax,
            time: parts.time,
            memoryReturn: MemoryReturn(time: parts.time) { cmalloc_give_back_free_memory() }
        )
        let outcomes = StorageOutcomes(time: parts.time)
        let storage = StorageClient(
            hub: WatchedRequester(
                parts.hub,
                outcomes: outcomes.operations,
                metrics: parts.metrics,
                time: parts.time
            ),
            assets: WatchedAssets(parts.assets, outcomes: outcomes),
            timeout: settings.storageTimeout,
            time: parts.time,
            makeOperationID: parts.makeOperationID,
            logger: parts.logger
        )
        let address = BoundURL(settings: settings)
        let uploads = UploadReader(fileBytesMax: settings.uploadBytesMax, budget: budget)
        let inspector = ImageInspector(
            limits: settings.imageLimits,
            budget: budget,
            threads: parts.threads,
            metrics: parts.metrics,
            time: parts.time
        )
        let variants = VariantRenderer(
            limits: settings.imageLimits,
            budget: budget,
            threads: parts.threads,
            metrics: parts.metrics,
            time: parts.time
        )
        let presenter = ImagePresenter(address: { address.url })

        var routes = RouteTable()
        ImagesController(
            storage: storage,
            uploads: uploads,
            inspector: inspector,
            presenter: presenter,
            metrics: parts.metrics
        ).addRoutes(to: &routes)
        ContentController(
            storage: storage,
            uploads: uploads,
            inspector: inspector,
            presenter: presenter,
            variants: variants,
            budget: budget,
            metrics: parts.metrics,
            isPublic: settings.tokens == nil
        ).addRoutes(to: &routes)
        HealthController(
            version: parts.version,
            hub: parts.hubState,
            hubProbe: HubProbe(ask: parts.askHub, time: parts.time),
            announced: parts.announced,
            outcomes: outcomes,
            probes: StorageProbes(
                hub: parts.hub,
                prober: parts.prober,
                outcomes: outcomes,
                time: parts.time,
                makeOperationID: parts.makeOperationID
            ),
            budget: budget,
            time: parts.time
        ).addRoutes(to: &routes)
        MetricsController(
            version: parts.version,
            http: parts.httpMetrics,
            service: parts.metrics,
            hub: parts.hubTraffic,
            budget: budget,
            variants: variants
        ).addRoutes(to: &routes)
        PagesController().addRoutes(to: &routes)
        self.routes = routes
        self.address = address

        var middleware: [HTTPServer.Middleware] = [
            HTTPMetricsMiddleware(parts.httpMetrics, now: parts.time.now), RequestIDMiddleware(), AccessLogMiddleware(),
        ]
        if let origins = settings.corsOrigins { middleware.append(CORSMiddleware(origins: origins)) }
        middleware.append(TraceMiddleware())
        if let tokens = settings.tokens { middleware.append(AccessMiddleware(tokens: tokens)) }
        self.middleware = middleware
    }

    /// Tells the core where HTTP listens, before the first request can come.
    package func isBound(to host: String, port: Int) { address.isBound(to: host, port: port) }
}

/// What URLs in answers start with, from the moment that it is known.
private final class BoundURL: Sendable {
    private let current: Mutex<PublicURL>
    private let isSet: Bool

    init(settings: ServiceSettings) {
        isSet = settings.publicURL != nil
        current = Mutex(settings.publicURL ?? PublicURL(boundTo: settings.host, port: settings.port))
    }

    var url: PublicURL { current.withLock { $0 } }

    func isBound(to host: String, port: Int) {
        if !isSet { current.withLock { $0 = PublicURL(boundTo: host, port: port) } }
    }
}
