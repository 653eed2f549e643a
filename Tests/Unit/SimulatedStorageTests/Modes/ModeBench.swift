import AsyncHTTPClient
import FaultPlan
import HubProtocol
import HubSim
import JSON
import Logging
import MessageHub
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import SimulatedStorage

/// A storage in some mode on an in-process hub, and somebody who asks it.
final class ModeBench: Sendable {
    struct Options: Sendable {
        var limits = StorageLimits()
        var token: String?
        /// In short form.
        var faults = ""
    }

    let hub = HubSim.withoutSocket()
    let mode: StorageMode?
    private let options: Options
    private let core: StorageCore
    private struct Instance {
        let storage: SimulatedStorage
        let services: ServiceGroup
        let task: Task<Void, any Error>
    }

    private let running = Mutex<Instance?>(nil)
    private let wall: Wall

    /// The machine's clock, put forward by hand.
    private final class Wall: Sendable {
        private let aheadMs = Mutex<Int64>(0)

        func putForward(ms: Int64) { aheadMs.withLock { $0 += ms } }

        var time: TimeSource {
            let system = TimeSource.system
            return TimeSource(clock: ContinuousClock()) {
                system.timestamp().adding(milliseconds: self.aheadMs.withLock { $0 })
            }
        }
    }

    private init(_ mode: StorageMode?, _ options: Options) {
        self.mode = mode
        self.options = options
        wall = Wall()
        core = StorageCore(limits: options.limits, time: wall.time, logger: Self.logger)
    }

    private static var logger: Logger {
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return logger
    }

    /// Runs a storage while `body` asks.
    static func run<Result>(
        _ mode: StorageMode?,
        _ options: Options = Options(),
        _ body: (ModeBench) async throws -> Result
    ) async throws -> Result {
        let bench = ModeBench(mode, options)
        try await bench.start()
        do {
            let result = try await body(bench)
            await bench.stop()
            _ = await bench.hub.shutdown()
            return result
        } catch {
            await bench.stop()
            _ = await bench.hub.shutdown()
            throw error
        }
    }

    /// Lets the storage believe that so much time has passed.
    func putForward(ms: Int64) { wall.putForward(ms: ms) }

    /// Starts an instance on the store, after `stop` the next one, and waits until it consumes.
    func start() async throws {
        var configuration = SimulatedStorage.Configuration(instanceID: "instance", version: "1")
        configuration.mode = mode
        configuration.limits = options.limits
        configuration.token = options.token
        if !options.faults.isEmpty { configuration.faultPlan = try FaultPlan(shortForm: options.faults, seed: 7) }
        let storage = SimulatedStorage(configuration: configuration, core: core, time: .system, logger: Self.logger)
        let link = StorageLink(storage: storage, hub: hub.inProcess(), time: .system, seed: 1, logger: Self.logger)
        let services = ServiceGroup(services: [storage.assetServer, link], logger: Self.logger)
        let task = Task { try await services.run() }
        running.withLock { $0 = Instance(storage: storage, services: services, task: task) }
        try await until { storage.responder.isConsuming }
    }

    /// Ends the instance as a crash would: its connection is gone, and nothing is said.
    func stop() async {
        let instance = take()
        instance?.task.cancel()
        // However it ends.
        _ = try? await instance?.task.value
    }

    /// Ends the instance as a program ends that is told to.
    func stopInOrder() async throws {
        let instance = take()
        await instance?.services.triggerGracefulShutdown()
        try await instance?.task.value
    }

    private func take() -> Instance? {
        running.withLock { running in
            defer { running = nil }
            return running
        }
    }

    var storage: SimulatedStorage {
        guard let storage = running.withLock({ $0?.storage }) else { preconditionFailure("Nothing runs") }
        return storage
    }

    func connect() async throws -> any HubConnection { try await hub.inProcess().connect() }

    /// Somebody with a reply queue who listens to everything.
    func client() async throws -> ModeClient { try await ModeClient(self) }

    /// Waits for something, for as long as a busy machine may take for it.
    func until(_ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { throw TooLate() }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Sends a request to the asset API.
    func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: try await storage.boundURL() + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: { name in response.headers.first(name: name) },
            bytes: Array(bytes.readableBytesView)
        )
    }

    /// Puts bytes under a name, usually their own.
    @discardableResult
    func put(_ bytes: [UInt8], as asset: String? = nil, type: String = "image/png") async throws -> Answer {
        try await send(
            "PUT",
            "/api/v2/assets/\(asset ?? name(of: bytes))",
            headers: [("Content-Type", type)],
            body: .bytes(ByteBuffer(bytes: bytes))
        )
    }

    func get(_ asset: String, _ headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", "/api/v2/assets/\(asset)", headers: headers)
    }
}

/// What was waited for did not come.
struct TooLate: Error {}

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

    /// Asks services to announce themselves.
    func query(_ service: String) async throws {
        try await connection.publish(
            HubMessage(body: ServiceQuery(service: service).encoded(), contentType: Topology.contentType),
            to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.query),
            mandatory: false
        )
    }
}
