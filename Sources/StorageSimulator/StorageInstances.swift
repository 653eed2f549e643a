import FaultPlan
import FoundationEssentials
import Launch
import Logging
import MessageHub
import RabbitMQ
import ServiceLifecycle
import SimulatedStorage

/// The instances of this process: on one store and one queue, with the same plans and journal, each with an id, a
/// connection to the hub and an asset API of its own.
struct StorageInstances {
    /// The first one, which takes care of the store.
    let first: SimulatedStorage
    let others: [SimulatedStorage]
    private let links: [StorageLink]

    init(_ settings: StorageSettings, core: StorageCore, faults: FaultNamespaces, hub: HubURL, logger: Logger) {
        var others: [SimulatedStorage] = []
        first = SimulatedStorage(
            configuration: Self.configuration(settings, number: 1, limits: core.engine.limits),
            core: core,
            faults: faults,
            time: .system,
            logger: logger
        )
        for number in 1..<settings.instances {
            others.append(
                SimulatedStorage(
                    configuration: Self.configuration(settings, number: number + 1, limits: core.engine.limits),
                    beside: first,
                    time: .system,
                    logger: logger
                )
            )
        }
        self.others = others
        links = ([first] + others).map { storage in
            StorageLink(
                storage: storage,
                // A hosted hub is reached through its socket as any other, so that both ways run the same code.
                hub: RabbitMQHub(
                    hub,
                    RabbitMQOptions(
                        connectionName: "storage_service \(storage.announcement(.up).instanceID)",
                        product: "StorageSimulator",
                        version: Version.current
                    )
                ),
                time: .system,
                seed: .random(in: .min ... .max),
                logger: logger
            )
        }
    }

    /// In the order in which they start.
    var services: [any Service] {
        let servers: [any Service] = [first.assetServer] + others.map(\.assetServer)
        return servers + [first.housekeeper] + links
    }

    /// The keys of the ready file, with the instance that each is the asset API of.
    var byKey: [(key: String, storage: SimulatedStorage)] {
        [("storage", first)] + others.map { ("storage_\($0.number)", $0) }
    }

    private static func configuration(
        _ settings: StorageSettings,
        number: Int,
        limits: StorageLimits
    ) -> SimulatedStorage.Configuration {
        var configuration = SimulatedStorage.Configuration(
            instanceID: UUID().uuidString.lowercased(),
            version: Version.current
        )
        configuration.topology = settings.topology
        configuration.host = settings.host
        configuration.port = settings.port == 0 ? 0 : settings.port + number - 1
        configuration.token = settings.token
        configuration.publicURL = settings.publicURL
        configuration.limits = limits
        configuration.mode = settings.mode
        configuration.seed = settings.seed
        return configuration
    }
}
