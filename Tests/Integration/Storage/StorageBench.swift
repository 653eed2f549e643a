import Crypto
import FoundationEssentials
import HubProtocol
import JSON
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage
import TestSupport

/// A requester and a storage instance, each with a connection of its own to a hub, under names that no other test uses.
struct StorageBench: Sendable {
    let requester: Requester
    let requesterLink: HubLink
    let directory: ServiceDirectory
    let storage: SimulatedStorage
    let topology: Topology
    let hub: any MessageHub

    static let timeout = Duration.seconds(120)

    /// Runs `body` once both sides are on the hub and storage has announced itself.
    static func run(
        on hub: HubUnderTest,
        limits: StorageLimits = StorageLimits(),
        _ body: @Sendable @escaping (StorageBench) async throws -> Void
    ) async throws {
        let client = try await hub.client()
        let topology = Topology(exchange: uniqueName("exchange"), queue: uniqueName("queue"))
        var configuration = SimulatedStorage.Configuration(instanceID: uniqueName("storage"), version: "0")
        configuration.topology = topology
        configuration.limits = limits
        let storage = SimulatedStorage(configuration: configuration, time: .system, logger: .silent)
        let requester = Requester(topology: topology, time: .system, logger: .silent)
        let directory = ServiceDirectory(
            topology: topology,
            appID: Topology.App.imageService,
            time: .system,
            logger: .silent
        )
        let link = HubLink(
            hub: client,
            participants: [requester, directory],
            time: .system,
            seed: 1,
            logger: .silent
        )
        let bench = StorageBench(
            requester: requester,
            requesterLink: link,
            directory: directory,
            storage: storage,
            topology: topology,
            hub: client
        )
        let storageLink = StorageLink(storage: storage, hub: client, time: .system, seed: 2, logger: .silent)
        try await running([link, storage.assetServer, storageLink]) {
            try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
            try await body(bench)
        }
    }

    /// Asks under a new operation id, or the given one.
    func ask(_ operation: StorageOperation, id: String = UUID().uuidString) async throws -> StorageReply.Outcome {
        try await requester.request(operation, operationID: id, timeout: Self.timeout)
    }

    /// Asks for what must succeed, and gives the data.
    func data(_ operation: StorageOperation, id: String = UUID().uuidString) async throws -> JSONValue {
        switch try await ask(operation, id: id) {
        case .success(let data): return data
        case .failure(let failure): throw failure
        }
    }

    /// The code of the error that an operation is answered with; `nil` for a success.
    func code(_ operation: StorageOperation, id: String = UUID().uuidString) async throws -> StorageErrorCode? {
        switch try await ask(operation, id: id) {
        case .success: nil
        case .failure(let failure): failure.knownCode
        }
    }

    /// A new image in the guide's form, without an asset.
    static func image(named name: String, type: String = "portrait") -> StorageOperation {
        .createImage(
            CreateImage(
                type: type,
                subtype: "character",
                name: name,
                theme: "fantasy",
                content: ImageContent(
                    url: "/somewhere",
                    format: "png",
                    width: 1,
                    height: 1,
                    size: 10,
                    sha256: nil
                )
            )
        )
    }
}
