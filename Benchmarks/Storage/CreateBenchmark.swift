import DurableStorage
import Foundation
import HubProtocol
import HubSim
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage

/// How many `create_image` a storage instance answers in a second: requester, hub, responder, engine, store, reply,
/// event, in one process without a socket.
struct CreateBenchmark {
    let stores: BenchmarkStores
    let count: Int

    private static let inFlight = 128
    /// Per second, with the memory store.
    private static let promise = 5000.0

    func run() async throws -> Bool {
        let hub = HubSim.withoutSocket()
        var configuration = SimulatedStorage.Configuration(instanceID: "benchmark", version: "0")
        configuration.limits = stores.core.engine.limits
        let storage = SimulatedStorage(
            configuration: configuration,
            core: stores.core,
            time: .system,
            logger: .silent
        )
        let topology = Topology()
        let requester = Requester(topology: topology, time: .system, logger: .silent)
        let directory = ServiceDirectory(
            topology: topology,
            appID: Topology.App.imageService,
            time: .system,
            logger: .silent
        )
        let services: [any Service] = [
            HubLink(
                hub: hub.inProcess(),
                participants: [requester, directory],
                time: .system,
                seed: 1,
                logger: .silent
            ), storage.assetServer,
            StorageLink(storage: storage, hub: hub.inProcess(), time: .system, seed: 2, logger: .silent),
        ]
        let group = ServiceGroup(configuration: .init(services: services, logger: .silent))
        async let running: Void = group.run()
        try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
        // The first ones warm up.
        try await create(count / 10, with: requester)
        let began = ContinuousClock.now
        try await create(count, with: requester)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await group.triggerGracefulShutdown()
        try await running
        await hub.shutdown()
        let perSecond = Double(count) / seconds
        print(
            "\(stores.name): \(Int(perSecond)) create_image/s (\(count), \(Self.inFlight) in flight), "
                + "\(residentMegabytes()) MB"
        )
        return stores.name != "memory" || perSecond > Self.promise * 0.9
    }

    private func create(_ count: Int, with requester: Requester) async throws {
        let batch = UUID().uuidString
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<Self.inFlight {
                group.addTask {
                    for number in stride(from: worker, to: count, by: Self.inFlight) {
                        let operation = StorageOperation.createImage(
                            CreateImage(
                                type: "type \(number % 10)",
                                subtype: "subtype",
                                name: "name \(number)",
                                theme: "theme \(number % 100)",
                                content: .benchmark
                            )
                        )
                        let reply = try await requester.request(
                            operation,
                            operationID: "\(batch)-\(number)",
                            timeout: .seconds(30)
                        )
                        guard case .success = reply else { throw CocoaError(.featureUnsupported) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension ImageContent {
    static let benchmark = ImageContent(
        url: "/api/v2/assets/0",
        format: "png",
        width: 512,
        height: 512,
        size: 1024,
        sha256: nil
    )
}
