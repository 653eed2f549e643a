import HubProtocol
import JSON
import Logging
import Synchronization

/// Listens to `discovery.announce` and knows which services are there; asks around on every new connection.
///
///     let directory = ServiceDirectory(topology: Topology(), appID: Topology.App.imageService, time: time, logger: logger)
///     directory.storageURL   // "http://…", once storage has announced itself
public final class ServiceDirectory: HubParticipant {
    private struct State {
        var registry: ServiceRegistry
        var malformed = 0
    }

    private let state: Mutex<State>
    private let observed = Observed(ServiceSnapshot())
    private let topology: Topology
    private let service: String
    private let appID: String
    private let time: TimeSource
    private let limits: HubLimits
    private let logger: Logger

    /// - Parameters:
    ///   - service: whom the query is for; `*` for everybody. Announcements of others are kept just the same.
    public init(
        topology: Topology,
        service: String = "*",
        appID: String,
        time: TimeSource,
        limits: HubLimits = HubLimits(),
        logger: Logger
    ) {
        state = Mutex(State(registry: ServiceRegistry(instancesMax: limits.serviceInstancesMax)))
        self.topology = topology
        self.service = service
        self.appID = appID
        self.time = time
        self.limits = limits
        self.logger = logger
    }

    /// What is there now.
    public var snapshot: ServiceSnapshot { state.withLock { $0.registry.snapshot(now: time.now()) } }

    /// Where storage's asset API is, by what storage says; `nil` where none is up.
    public var storageURL: String? { snapshot.storageURL }

    /// Whether an instance of the service takes requests.
    public func isAnyUp(_ service: String) -> Bool { snapshot.isAnyUp(service) }

    /// Announcements that were ignored because they break the protocol.
    public var malformedAnnouncements: Int { state.withLock { $0.malformed } }

    /// Waits until the services are as `isMet` wants them. While there is no connection, what expires is not noticed here.
    @discardableResult
    public func waitUntil(
        _ isMet: @escaping @Sendable (ServiceSnapshot) -> Bool
    ) async throws(CancellationError) -> ServiceSnapshot {
        try await observed.waitUntil(isMet)
    }

    public func run(on connection: any HubConnection) async throws {
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        let queue = try await connection.declareQueue(.exclusive)
        try await connection.bind(queue: queue.name, exchange: topology.exchange, routingKey: Topology.Key.announce)
        let announcements = try await connection.consume(queue: queue.name, prefetch: limits.discoveryPrefetch)
        try await query(on: connection)

        // One place: that something changed is all that the one who waits for expiries needs to know.
        let (changed, changedContinuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.watchExpiries(changed) }
            group.addTask {
                for await delivery in announcements {
                    self.receive(delivery.message)
                    changedContinuation.yield()
                    try await connection.acknowledge(delivery)
                }
                try Task.checkCancellation()
                throw HubError.closed("the consumer of discovery.announce ended")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func query(on connection: any HubConnection) async throws {
        let body = ServiceQuery(service: service).encoded()
        let message = HubMessage(discovery: body, Topology.Key.query, appID: appID, time)
        let address = HubAddress(exchange: topology.exchange, routingKey: Topology.Key.query)
        do {
            try await connection.publish(message, to: address, mandatory: false)
        } catch HubError.nacked {
            // The announcements come by themselves, a third of their TTL apart.
            logger.line(.warning, "discovery query not taken by the hub")
        }
    }

    private func receive(_ message: HubMessage) {
        let announcement = (try? JSONValue(parsing: message.body)).flatMap { try? ServiceAnnouncement($0) }
        guard let announcement else {
            state.withLock { $0.malformed += 1 }
            logger.line(.debug, "malformed service announcement ignored")
            return
        }
        state.withLock { $0.registry.announced(announcement, now: time.now()) }
        publishSnapshot()
    }

    /// Drops what expires, when it does.
    private func watchExpiries(_ changed: AsyncStream<Void>) async throws {
        while true {
            let next = state.withLock { $0.registry.nextExpiry }
            guard let next else {
                var changes = changed.makeAsyncIterator()
                guard await changes.next() != nil else { throw CancellationError() }
                continue
            }
            // A second at most, the unit of TTLs: an instance that came meanwhile may expire before the others.
            try await time.sleep(for: min(max(next - time.now(), .milliseconds(1)), .seconds(1)))
            state.withLock { $0.registry.expire(now: time.now()) }
            publishSnapshot()
        }
    }

    private func publishSnapshot() {
        // Read inside the change, so that an older snapshot never replaces a newer one.
        observed.update { $0 = snapshot }
    }
}
