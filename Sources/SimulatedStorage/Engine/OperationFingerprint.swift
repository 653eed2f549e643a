import Crypto
import HubProtocol
import JSON

/// A payload in 32 bytes: equal for two requests where `operation` and `data` are equal as JSON values.
public struct OperationFingerprint: Sendable, Hashable {
    /// The SHA-256 of the canonical JSON of both.
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }

    public init(of request: StorageRequest) {
        let payload: JSONValue = ["operation": .string(request.operation), "data": .object(request.data)]
        bytes = Array(SHA256.hash(data: payload.encoded()))
    }
}
