import HubProtocol
import Logging
import MessageHub
import Octets

/// Publishes what is in the outbox to the exchange: at least once, an image's events one after the other.
struct EventPublisher: Sendable {
    let space: StorageSpace
    let exchange: String
    let limits: StorageLimits
    let time: TimeSource
    let logger: Logger
    private var outbox: EventOutbox { space.core.outbox }

    init(space: StorageSpace, exchange: String, limits: StorageLimits, time: TimeSource, logger: Logger) {
        self.space = space
        self.exchange = exchange
        self.limits = limits
        self.time = time
        self.logger = logger
    }

    /// After a refused event the next try waits so long; the hub needs time more than it needs another try.
    private static let pauseAfterRefusal = Duration.milliseconds(250)

    /// Publishes until cancelled. Throws where the connection has ended; what is left goes out on the next one.
    func run(on connection: any HubConnection) async throws {
        while true {
            let batch = try await outbox.take(limit: limits.eventBatchMax)
            if try await publish(batch, on: connection) < batch.count {
                try await time.sleep(for: Self.pauseAfterRefusal)
            }
        }
    }

    /// Publishes what there is, and returns once nothing is left or the hub takes no more.
    func flush(on connection: any HubConnection) async throws {
        while let batch = try await outbox.takeNow(limit: limits.eventBatchMax) {
            guard try await publish(batch, on: connection) == batch.count else { return }
        }
    }

    /// Publishes a batch and settles it; tells how many of it went out. Different images do not wait for one another.
    private func publish(_ batch: [PendingEvent], on connection: any HubConnection) async throws -> Int {
        let byImage = Dictionary(grouping: batch, by: { ExactText($0.event.record.id) })
        let published = await withTaskGroup(of: [Int64].self) { group in
            for events in byImage.values {
                group.addTask { await publish(events: events, on: connection) }
            }
            return await group.reduce(into: Set<Int64>()) { $0.formUnion($1) }
        }
        try await outbox.settle(published: published)
        try Task.checkCancellation()
        return published.count
    }

    /// Publishes one image's events in order, up to the first that the hub does not take.
    private func publish(events: [PendingEvent], on connection: any HubConnection) async -> [Int64] {
        var settled: [Int64] = []
        for pending in events {
            do {
                try await connection.publish(
                    message(pending.event),
                    to: HubAddress(exchange: exchange, routingKey: pending.event.kind.rawValue),
                    mandatory: false
                )
                space.notes.event(pending.event)
            } catch .invalid(let why) {
                // No hub will ever take it, and it must not hold up those after it.
                log(.error, "Event dropped", pending.event, reason: why)
            } catch {
                log(.debug, "Event not published", pending.event, reason: error.description)
                break
            }
            settled.append(pending.sequence)
        }
        return settled
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ event: StorageEvent, reason: String) {
        logger.log(
            level: level,
            message,
            metadata: [
                "event": .string(event.kind.rawValue), "event_id": .string(event.eventID), "reason": .string(reason),
            ]
        )
    }

    private func headers(_ event: StorageEvent) -> [String: HubHeaderValue] {
        var headers: [String: HubHeaderValue] = ["event_type": .string(event.kind.rawValue)]
        if !space.namespace.isEmpty { headers[StorageSpace.header] = .string(space.namespace) }
        return headers
    }

    private func message(_ event: StorageEvent) -> HubMessage {
        HubMessage(
            body: event.encoded(),
            contentType: Topology.contentType,
            isPersistent: true,
            messageID: event.eventID,
            correlationID: event.operationID.asCorrelationID,
            type: event.kind.rawValue,
            appID: Topology.App.storageService,
            timestampSeconds: time.timestamp().secondsSinceEpoch,
            headers: headers(event)
        )
    }
}

extension Timestamp {
    /// Whole seconds since 1970, as AMQP's `timestamp` property counts; 0 before.
    var secondsSinceEpoch: UInt64 { UInt64(max(0, millisecondsSinceEpoch) / 1000) }
}
