import HubProtocol
import JSON
import Logging
import Synchronization

/// Tells everybody on the hub that a service is there (contract §3): on every new connection, every third of the TTL, in
/// answer to a `discovery.query`, and a last time when it goes.
public final class Announcer: HubParticipant {
    private struct State {
        var announcement: ServiceAnnouncement
        var connection: (any HubConnection)?
        var isWithdrawn = false
    }

    private let state: Mutex<State>
    private let topology: Topology
    private let appID: String
    private let time: TimeSource
    private let limits: HubLimits
    private let answerPause: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - announcement: what is announced, with the status to start with.
    ///   - answerPause: queries that come closer together than this are answered by one announcement.
    public init(
        _ announcement: ServiceAnnouncement,
        topology: Topology,
        appID: String,
        time: TimeSource,
        limits: HubLimits = HubLimits(),
        answerPause: Duration = .milliseconds(100),
        logger: Logger
    ) {
        state = Mutex(State(announcement: announcement))
        self.topology = topology
        self.appID = appID
        self.time = time
        self.limits = limits
        self.answerPause = answerPause
        self.logger = logger
    }

    /// What is announced now.
    public var announcement: ServiceAnnouncement { state.withLock { $0.announcement } }

    /// Announces from now on that the service finishes what it has and takes nothing new.
    public func drain() async { await change(isLast: false) { $0.status = .draining } }

    /// Announces a last time, as `down`. Waits at most two seconds for the hub; without a connection there is nobody to
    /// tell, and the others learn it from the TTL.
    public func withdraw() async { await change(isLast: true) { $0.status = .down } }

    private func change(isLast: Bool, _ change: (inout ServiceAnnouncement) -> Void) async {
        let (announcement, connection) = state.withLock { state in
            guard !state.isWithdrawn else { return (state.announcement, (any HubConnection)?.none) }
            change(&state.announcement)
            state.isWithdrawn = isLast
            return (state.announcement, state.connection)
        }
        guard let connection else { return }
        await withTaskGroup { group in
            group.addTask {
                do {
                    try await self.publish(announcement, on: connection)
                } catch {
                    self.logger.line(
                        .warning,
                        "service announcement failed",
                        [.status: announcement.status.rawValue, .error: "\(error)"]
                    )
                }
            }
            // Where the sleep is cut short, the publication is over.
            group.addTask { try? await self.time.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
    }

    public func run(on connection: any HubConnection) async throws {
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        let queue = try await connection.declareQueue(.exclusive)
        try await connection.bind(queue: queue.name, exchange: topology.exchange, routingKey: Topology.Key.query)
        let queries = try await connection.consume(queue: queue.name, prefetch: limits.discoveryPrefetch)
        state.withLock { $0.connection = connection }
        defer { state.withLock { $0.connection = nil } }
        try await announce(on: connection)

        // One place: any number of queries that wait for an answer need one answer.
        let (asked, askedContinuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.announceRegularly(on: connection) }
            group.addTask {
                for await _ in asked {
                    try await self.announce(on: connection)
                    try await self.time.sleep(for: self.answerPause)
                }
            }
            group.addTask {
                for await delivery in queries {
                    if self.isAsked(by: delivery.message) { askedContinuation.yield() }
                    try await connection.acknowledge(delivery)
                }
                try Task.checkCancellation()
                throw HubError.closed("the consumer of discovery.query ended")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func announceRegularly(on connection: any HubConnection) async throws {
        while true {
            let ttlSeconds = announcement.ttlSeconds
            try await time.sleep(for: .milliseconds(ttlSeconds * 1000 / 3))
            try await announce(on: connection)
        }
    }

    private func announce(on connection: any HubConnection) async throws {
        let announcement = state.withLock { $0.isWithdrawn ? nil : $0.announcement }
        guard let announcement else { return }
        do {
            try await publish(announcement, on: connection)
            // What was said meanwhile counts, whichever of the two the hub took first: say it again.
            let now = state.withLock { $0.announcement }
            if now.status != announcement.status { try await publish(now, on: connection) }
        } catch HubError.nacked {
            // The next one comes in time.
            logger.line(.warning, "service announcement not taken by the hub", [.service: announcement.service])
        }
    }

    private func publish(_ announcement: ServiceAnnouncement, on connection: any HubConnection) async throws {
        let message = HubMessage(discovery: announcement.encoded(), Topology.Key.announce, appID: appID, time)
        let address = HubAddress(exchange: topology.exchange, routingKey: Topology.Key.announce)
        try await connection.publish(message, to: address, mandatory: false)
    }

    private func isAsked(by message: HubMessage) -> Bool {
        guard let json = try? JSONValue(parsing: message.body), let query = try? ServiceQuery(json) else {
            logger.line(.debug, "malformed discovery query ignored")
            return false
        }
        return query.asks(announcement.service)
    }
}

extension HubMessage {
    /// A discovery message: contract §3 wants the type to be the routing key.
    init(discovery body: [UInt8], _ type: String, appID: String, _ time: TimeSource) {
        self.init(
            body: body,
            contentType: Topology.contentType,
            type: type,
            appID: appID,
            timestampSeconds: UInt64(max(0, time.timestamp().millisecondsSinceEpoch / 1000)),
            headers: ["event_type": .string(type)]
        )
    }
}
