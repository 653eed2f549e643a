import FaultPlan
import JSON
import Logging
import SimulatedStorage
import SimulatorAdmin

/// The storage as one of the simulators behind an admin interface.
struct StoragePart: AdministeredPart {
    let storage: SimulatedStorage
    let logger: Logger

    var name: String { "storage" }
    var faultKinds: FaultKindSet { SimulatedStorage.faultKinds }
    var hasNamespaces: Bool { true }

    func state(namespace: String) async -> JSONValue {
        do {
            return try await storage.state(namespace: namespace)
        } catch {
            return ["error": .string(error.description)]
        }
    }

    func reset(namespace: String) async {
        do {
            try await storage.reset(namespace: namespace)
        } catch {
            logger.error("Storage not reset", metadata: ["namespace": .string(namespace), "reason": "\(error)"])
        }
    }
}
