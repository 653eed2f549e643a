import HubProtocol
import JSON

/// The hub side of storage, as `StorageClient` wants it: one operation, one answer.
package protocol OperationRequester: Sendable {
    /// Carries out an operation and returns the reply's `data`. Retries within the call's deadline are its business;
    /// they are safe, because the operation id stays the same.
    func perform(_ operation: StorageOperation, for call: StorageCall) async throws(StorageTrouble) -> JSONValue
}
