import FaultPlan
import JSON
import Logging
import SimulatedStorage
import SimulatorAdmin

/// The storage as one of the simulators behind an admin interface: all instances on one store.
public struct StoragePart: AdministeredPart {
    private let storage: SimulatedStorage
    private let instances: [SimulatedStorage]
    private let recovered: @Sendable () async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - others: further instances on the same store.
    ///   - recovered: waits until the storage is on its hub again, where a reset takes the hub from it; not for ever.
    public init(
        storage: SimulatedStorage,
        others: [SimulatedStorage] = [],
        recovered: @escaping @Sendable () async -> Void = {},
        logger: Logger
    ) {
        self.storage = storage
        instances = [storage] + others
        self.recovered = recovered
        self.logger = logger
    }

    public var name: String { "storage" }
    public var faultKinds: FaultKindSet { SimulatedStorage.faultKinds }
    public var hasNamespaces: Bool { true }

    public func state(namespace: String) async -> JSONValue {
        do {
            let state = try await storage.state(namespace: namespace)
            guard var members = state.object, instances.count > 1 else { return state }
            members["instances"] = .array(instances.map(\.look))
            members["consuming"] = .bool(instances.contains { $0.responder.isConsuming })
            return .object(members)
        } catch {
            return ["error": .string(error.description)]
        }
    }

    public func reset(namespace: String) async {
        do {
            try await storage.reset(namespace: namespace)
        } catch {
            logger.error("Storage not reset", metadata: ["namespace": .string(namespace), "reason": "\(error)"])
        }
    }

    public func recover() async { await recovered() }
}
