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
        var ttlSeconds: Int?
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
        if let ttlSeconds = options.ttlSeconds { configuration.ttlSeconds = ttlSeconds }
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
