import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Synchronization

@testable import SimulatedStorage

/// A requester that hears everything on the hub.
final class ModeClient: Sendable {
    /// A message that came, with its body.
    struct Heard: Sendable {
        let message: HubMessage
        let key: String
        /// Whether it came to the reply queue.
        let isMine: Bool
        let json: JSONValue

        var data: JSONValue { json["data"] ?? .null }
        var code: String? { json["error"]?["code"]?.string }
        var isSuccess: Bool { json["status"] == "success" }
        var id: String { data["id"]?.string ?? "" }
        var version: Int64? { data["version"]?.integer }
        var updatedAt: String { data["metadata"]?["updated_at"]?.string ?? "" }
        var operationID: String? { json["operation_id"]?.string }
    }

    let bench: ModeBench
    let connection: any HubConnection
    let replyQueue: String
    private let heardMessages: Collected<Heard>
    private let lastNumber = Mutex(0)
    private let listeners: [Task<Void, Never>]

    init(_ bench: ModeBench) async throws {
        self.bench = bench
        let connection = try await bench.connect()
        let heardMessages = Collected<Heard>()
        try await connection.declareExchange(
            ExchangeDeclaration(name: Topology.defaultExchange, kind: .topic, isDurable: true)
        )
        let replies = try await connection.declareQueue(.exclusive)
        let everything = try await connection.declareQueue(.exclusive)
        for key in ["image.*", "discovery.announce", Topology.Key.response] {
            try await connection.bind(queue: everything.name, exchange: Topology.defaultExchange, routingKey: key)
        }
        replyQueue = replies.name
        self.connection = connection
        self.heardMessages = heardMessages
        var listeners: [Task<Void, Never>] = []
        for queue in [replies.name, everything.name] {
            let deliveries = try await connection.consume(queue: queue, prefetch: 1000)
            listeners.append(
                Task {
                    for await delivery in deliveries {
                        heardMessages.append(
                            Heard(
                                message: delivery.message,
                                key: delivery.routingKey,
                                isMine: queue == replies.name,
                                json: (try? JSONValue(parsing: delivery.message.body)) ?? .null
                            )
                        )
                        try? await connection.acknowledge(delivery)
                    }
                }
            )
        }
        self.listeners = listeners
    }

    deinit { for listener in listeners { listener.cancel() } }

    var heard: [Heard] { heardMessages.elements }
    var events: [Heard] { heard.filter { $0.key.hasPrefix("image.") } }
    var announcements: [Heard] { heard.filter { $0.key == "discovery.announce" } }

    func freshID() -> String {
        let number = lastNumber.withLock { number in
            number += 1
            return number
        }
        return IDSource.uuid(0xA5A5_0000_0000_0000, UInt64(number))
    }

    /// Publishes a request.
    func publish(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        id: String,
        change: (inout HubMessage) -> Void = { _ in }
    ) async throws {
        try await publish(
            body: StorageRequest(operation: operation, operationID: id, data: data).encoded(),
            id: id,
            change: change
        )
    }

    func publish(body: [UInt8], id: String?, change: (inout HubMessage) -> Void = { _ in }) async throws {
        var message = HubMessage(
            body: body,
            contentType: Topology.contentType,
            isPersistent: true,
            messageID: id,
            correlationID: id,
            replyTo: replyQueue,
            type: Topology.Key.request,
            headers: ["event_type": .string(Topology.Key.request)]
        )
        change(&message)
        try await connection.publish(
            message,
            to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.request),
            mandatory: true
        )
    }

    /// Asks and waits for the reply to the reply queue.
    @discardableResult
    func ask(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        id: String? = nil,
        change: (inout HubMessage) -> Void = { _ in }
    ) async throws -> Heard {
        let before = heard.count { $0.isMine }
        try await publish(operation, data, id: id ?? freshID(), change: change)
        return try await wait { Array($0.heard.filter(\.isMine).dropFirst(before)).first }
    }

    /// Makes an image.
    @discardableResult
    func create(_ more: [String: JSONValue] = [:]) async throws -> Heard {
        try await ask("create_image", .portrait.with(more))
    }

    /// Waits for something to be heard that must come.
    @discardableResult
    func wait<Found>(for find: (ModeClient) -> Found?) async throws -> Found {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            if let found = find(self) { return found }
            guard ContinuousClock.now < deadline else { throw TooLate() }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Whether something that one of the two, a mode or none, has not is heard: with the one that has it, it is waited
    /// for; with the other, only for a while.
    func hears(inMode: Bool, _ isSo: (ModeClient) -> Bool) async throws -> Bool {
        let patience: Duration = (bench.mode != nil) == inMode ? .seconds(60) : .milliseconds(300)
        let deadline = ContinuousClock.now + patience
        while true {
            if isSo(self) { return true }
            if ContinuousClock.now >= deadline { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Hears what comes without a mode and not with it.
    func misses(_ isSo: (ModeClient) -> Bool) async throws -> Bool { try await !hears(inMode: false, isSo) }

    /// Hears what comes with the mode and not without it.
    func notices(_ isSo: (ModeClient) -> Bool) async throws -> Bool { try await hears(inMode: true, isSo) }

    /// The hub refuses the next message that fits.
    func refusesNext(_ match: FaultMatch) {
        let rule = FaultRule(id: "refuse", match: match, count: 1, fault: FaultSpecification(.nackPublish))
        bench.hub.faults.armConfigured(FaultPlan(seed: 0, rules: [rule]))
    }

    /// Cuts the storage's connections, as a network would.
    func cutStorage() {
        for consumer in bench.hub.queue(Topology.defaultQueue)?.consumers ?? [] {
            _ = bench.hub.closeConnection(consumer.connection, reason: "CONNECTION_FORCED - cut by a test")
        }
    }

    /// Asks services to announce themselves.
    func query(_ service: String) async throws {
        try await connection.publish(
            HubMessage(body: ServiceQuery(service: service).encoded(), contentType: Topology.contentType),
            to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.query),
            mandatory: false
        )
    }
}
