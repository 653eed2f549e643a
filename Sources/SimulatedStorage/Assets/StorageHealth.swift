import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird

/// How the storage side is: alive while it answers, ready while it consumes requests.
struct StorageHealth: Sendable {
    let isConsuming: Bool
    let instanceID: String
    let version: String

    /// - Parameter asksReadiness: whether it is asked if it is ready; then 503 while the hub is away.
    func response(asksReadiness: Bool) -> Response {
        JSONResponse(
            [
                "status": .string(isConsuming ? "healthy" : "degraded"), "service": "storage_service",
                "instance_id": .string(instanceID), "version": .string(version),
                "dependencies": ["message_hub": .string(isConsuming ? "healthy" : "unhealthy")],
            ],
            status: asksReadiness && !isConsuming ? .serviceUnavailable : .ok
        ).response
    }
}
