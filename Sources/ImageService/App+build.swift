import AsyncHTTPClient
import DeploymentSettings
import FoundationEssentials
import HTTPServing
import HubProtocol
import ImageFormats
import Launch
import Logging
import MessageHub
import NIOCore
import NIOPosix
import RabbitMQ
import ServiceLifecycle

extension App {
    /// Serves against a hub and a storage that run elsewhere.
    static func run(
        _ settings: ServiceSettings,
        hubURL: HubURL,
        storageURL: String?,
        _ launch: Launch
    ) async throws {
        let board = launch.readyBoard(expecting: ["http"])
        let stack = ServiceStack(
            settings: settings,
            hubURL: hubURL,
            storageURL: storageURL,
            logger: launch.logger,
            onBound: { url in try await board.bound("http", at: url) }
        )
        try await stack.whileOpen { try await launch.run(stack.services) }
    }

    /// Serves with a hub and a storage of its own.
    static func dev(_ settings: ServiceSettings, _ devSettings: DevSettings, _ launch: Launch) async throws {
        let board = launch.readyBoard(
            expecting: ["http", "amqp", "storage", "admin"],
            notes: [FaultSettings.note(devSettings.faultPlan)]
        )
        let stack = try await DevStack.start(
            settings: settings,
            devSettings: devSettings,
            logger: launch.logger,
            onBound: { key, url in try await board.bound(key, at: url) }
        )
        try await stack.whileOpen { try await launch.run(stack.services) }
    }
}

/// One Image Service, wired: the HTTP server, the core, the hub side and the asset client.
package struct ServiceStack: Sendable {
    /// Connections of clients, most of them idle; each costs some kilobytes.
    private static let clientConnectionsMax = 12_000

    /// In the order in which they start; they stop in the opposite one.
    package let services: [any Service]
    private let clients: [HTTPClient]
    private let threads: NIOThreadPool

    /// A service on a hub that is reached through a socket.
    ///
    /// - Parameters:
    ///   - storageURL: the asset API's base URL; `nil`: as storage announces it.
    ///   - onBound: told where HTTP listens. What it throws ends the service.
    package init(
        settings: ServiceSettings,
        hubURL: HubURL,
        storageURL: String?,
        logger: Logger,
        onBound: @escaping @Sendable (String) async throws -> Void
    ) {
        self.init(
            settings: settings,
            hub: RabbitMQHub(hubURL, RabbitMQOptions(connectionName: "image-service", version: Version.current)),
            hubName: "\(hubURL)",
            storageURL: storageURL,
            time: .system,
            logger: logger,
            onBound: onBound
        )
    }

    /// A service on any hub, by any clock.
    ///
    /// - Parameters:
    ///   - hubName: for the log.
    ///   - time: what every deadline, pause and age of the service is measured on.
    package init(
        settings: ServiceSettings,
        hub: any MessageHub,
        hubName: String,
        storageURL: String?,
        time: TimeSource,
        logger: Logger,
        onBound: @escaping @Sendable (String) async throws -> Void
    ) {
        let logger = logger.withRequestNotes
        OpenFiles.allowAsManyAsPossible(logger: logger)
        let metrics = ServiceMetrics()
        let httpMetrics = HTTPMetrics()
        let version = Version.current
        let client = Self.assetHTTPClient(AssetConnections.Limits())
        let proberClient = Self.assetHTTPClient(HTTPAssetProber.limits)
        let threads = NIOThreadPool(numberOfThreads: System.coreCount)
        threads.start()

        let hubSide = HubSide(
            hub: hub,
            topology: settings.topology,
            looksAtQueue: settings.knowsQueue,
            instanceID: UUID().uuidString.lowercased(),
            version: version,
            time: time,
            logger: logger
        )
        let assetServer = AssetServer(
            baseURL: { storageURL ?? hubSide.directory.storageURL.map(Self.withoutSlash) },
            token: settings.storageToken
        )
        let core = ServiceCore(
            settings: settings,
            parts: ServiceCore.Parts(
                hub: HubRequester(hubSide.requester, time: time),
                assets: HTTPAssetClient(
                    server: assetServer,
                    client: client,
                    isStorageAway: { await hubSide.isStorageKnownAway() },
                    metrics: metrics,
                    time: time,
                    logger: logger
                ),
                prober: HTTPAssetProber(server: assetServer, client: proberClient, time: time, logger: logger),
                hubState: { hubSide.hubState },
                announced: { hubSide.announced },
                // A queue that is not there costs a channel: who has not announced itself is not looked for.
                askHub: { try await hubSide.requester.askHub(andQueue: hubSide.announced == .up) },
                hubTraffic: { hubSide.traffic },
                metrics: metrics,
                httpMetrics: httpMetrics,
                threads: threads,
                time: time,
                makeOperationID: { RandomDigits.uuid() },
                version: version,
                logger: logger
            )
        )
        var limits = ServingLimits()
        limits.connectionsMax = Self.clientConnectionsMax
        let server = HTTPServer(
            host: settings.host,
            port: settings.port,
            routes: core.routes,
            middleware: core.middleware,
            limits: limits,
            logger: logger,
            onBound: { address in core.isBound(to: settings.host, port: address.port) },
            onUnreadable: { status in httpMetrics.refusedUnread(status: status) }
        )
        services = [
            HubSideOnceBound(hubSide: hubSide) {
                let bound = try await server.boundAddress().url
                return settings.publicURL?.text(requestHost: nil) ?? bound
            },
            Farewell { await hubSide.announceDown() },
            server,
            WhenBound { try await onBound(server.boundAddress().url) },
            Farewell { await hubSide.announceDraining() },
        ]
        clients = [client, proberClient]
        self.threads = threads
        logger.info(
            "image service starts",
            metadata: [
                "version": "\(version)", "hub": "\(hubName)",
                "libraries": "librabbitmq \(RabbitMQHub.libraryVersion), \(CodecVersions.line)",
            ]
        )
    }

    /// Runs `body`, then gives back what the stack holds besides its services.
    package func whileOpen(_ body: () async throws -> Void) async throws {
        let outcome = await Self.outcome(of: body)
        // All of it happens whatever the rest comes to; the first error is the one to be told.
        var outcomes = [outcome]
        for client in clients { outcomes.append(await Self.outcome { try await client.shutdown() }) }
        outcomes.append(await Self.outcome { try await threads.shutdownGracefully() })
        for outcome in outcomes { try outcome.get() }
    }

    /// The client for an asset API that is not spoken to in the clear.
    private static func assetHTTPClient(_ limits: AssetConnections.Limits) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = limits.connectTimeout
        // Attempts are the asset client's own business, which knows the deadline of the operation.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsMax
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func outcome(of body: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    private static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}

/// The hub side as a service. It starts when HTTP listens, because its announcement says where.
private struct HubSideOnceBound: Service {
    let hubSide: HubSide
    let url: @Sendable () async throws -> String

    func run() async throws {
        do {
            await hubSide.run(announcing: try await url())
        } catch is CancellationError {
            // The program was stopped before HTTP listened: there is nothing to announce.
        }
    }
}
