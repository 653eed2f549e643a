import FaultPlan
import JSON
import Logging
import SimulatedStorage
import SimulatorAdmin

/// The storage as one of the simulators behind an admin interface.
public struct StoragePart: AdministeredPart {
    private let storage: SimulatedStorage
    private let logger: Logger

    public init(storage: SimulatedStorage, logger: Logger) {
        self.storage = storage
        self.logger = logger
    }

    public var name: String { "storage" }
    public var faultKinds: FaultKindSet { SimulatedStorage.faultKinds }
    public var hasNamespaces: Bool { true }

    public func state(namespace: String) async -> JSONValue {
        do {
            return try await storage.state(namespace: namespace)
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
}
