import Foundation
import HubProtocol
import HubSim
import ImageService
import Logging
import MessageHub
import RabbitMQ
import ServiceLifecycle
import SimulatedStorage
import TestSupport

/// Hub, storage and service in this process, talking over sockets as they would over a network.
///
/// The hub is HubSim's listener, or, where `TEST_HUB_URL` names one, that hub: then each stack has an exchange and a queue
/// of its own on it.
struct Stack: Sendable {
    /// Speaks to the service as its users do.
    let client: ServiceClient
    let storage: SimulatedStorage
    /// Base URL of the asset API.
    let storageURL: String
    let hubURL: HubURL
    let topology: Topology
    /// `nil` where the hub is another program.
    let hubSim: HubSim?

    private static let externalHubURL = ProcessInfo.processInfo.environment["TEST_HUB_URL"]
    /// Whether stacks bring their hub themselves.
    static let ownsItsHub = externalHubURL == nil

    /// How the storage side takes part.
    enum StorageSide: Sendable {
        /// As it should.
        case answering
        /// Its asset API alone: nobody consumes requests.
        case assetsOnly
        /// Its asset API, and its queue without a consumer: what is left of a storage that went away.
        case queueOnly
        /// Its asset API; requests are answered by the test.
        case scripted(ScriptedStorage)
    }

    /// Starts a stack whose service logs to `logger`, runs `body` once the service says that it is ready (or has a hub, where storage does not answer),
    /// and stops everything in order.
    static func run<Value: Sendable>(
        _ settings: ServiceSettings = .patient,
        storage side: StorageSide = .answering,
        limits: StorageLimits = StorageLimits(),
        logger: Logger = .silent,
        _ body: @Sendable @escaping (Stack) async throws -> Value
    ) async throws -> Value {
        let external = Self.externalHubURL
        let hubSim = external == nil ? try await HubSim.start() : nil
        let hubURL = try HubURL(external ?? hubSim?.url ?? "")
        let name = "api-test-\(UUID().uuidString.lowercased())"
        let topology = Topology(exchange: name, queue: name)

        var configuration = SimulatedStorage.Configuration(instanceID: name, version: "0")
        configuration.topology = topology
        configuration.limits = limits
        let storage = SimulatedStorage(configuration: configuration, time: .system, logger: .silent)
        var storageServices: [any Service] = [storage.assetServer, storage.housekeeper]
        let hub = RabbitMQHub(hubURL, .patient("storage"))
        switch side {
        case .answering:
            storageServices.append(StorageLink(storage: storage, hub: hub, time: .system, seed: 1, logger: .silent))
        case .assetsOnly: break
        case .queueOnly:
            let connection = try await hub.connect()
            try await connection.declareExchange(ExchangeDeclaration(name: name, kind: .topic, isDurable: true))
            _ = try await connection.declareQueue(.durable(name))
            try await connection.bind(queue: name, exchange: name, routingKey: Topology.Key.request)
            await connection.close()
        case .scripted(let scripted):
            storageServices.append(
                HubLink(
                    hub: hub,
                    participants: [scripted.participant(topology)],
                    time: .system,
                    seed: 1,
                    logger: .silent
                )
            )
        }

        let value = try await running(storageServices) { () async throws -> Value in
            let storageURL = try await storage.boundURL()
            var settings = settings
            settings.port = 0
            settings.topology = topology
            let (bound, continuation) = AsyncStream.makeStream(of: String.self)
            let service = ServiceStack(
                settings: settings,
                hubURL: hubURL,
                storageURL: storageURL,
                logger: logger,
                onBound: { continuation.yield($0) }
            )
            let (values, valueContinuation) = AsyncStream.makeStream(of: Value.self)
            try await service.whileOpen {
                let value = try await running(service.services) { () async throws -> Value in
                    var addresses = bound.makeAsyncIterator()
                    guard let url = await addresses.next() else { throw CancellationError() }
                    let stack = Stack(
                        client: ServiceClient(url),
                        storage: storage,
                        storageURL: storageURL,
                        hubURL: hubURL,
                        topology: topology,
                        hubSim: hubSim
                    )
                    try await stack.waitUntilUsable(side)
                    return try await body(stack)
                }
                valueContinuation.yield(value)
            }
            var iterator = values.makeAsyncIterator()
            guard let value = await iterator.next() else { throw CancellationError() }
            return value
        }
        await hubSim?.shutdown()
        return value
    }

    private func waitUntilUsable(_ side: StorageSide) async throws {
        switch side {
        case .answering: try await client.waitUntilReady()
        case .assetsOnly, .queueOnly: try await waitUntilHealth { $0.status == 200 }
        case .scripted(let scripted):
            try await waitUntilHealth { $0.status == 200 }
            await scripted.waitUntilConsuming()
        }
    }

    /// Asks for the service's health until it is as wanted; that answer.
    @discardableResult
    func waitUntilHealth(
        _ method: String = "GET",
        _ path: String = "/health",
        _ isMet: @Sendable (ServiceClient.Answer) -> Bool
    ) async throws -> ServiceClient.Answer {
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            let answer = try await client.send(method, path)
            if isMet(answer) { return answer }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw ProgramError("the service's health did not become what the test waits for")
    }
}

extension ServiceSettings {
    /// The defaults, with so much time for storage that a busy machine makes no difference.
    static var patient: ServiceSettings {
        var settings = ServiceSettings()
        settings.storageTimeout = .seconds(60)
        return settings
    }
}
