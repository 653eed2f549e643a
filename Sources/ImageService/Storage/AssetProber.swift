import HubProtocol

/// Finds out how the asset API is (contract §4). What it asks is not counted with what clients asked for, and does not
/// wait behind it.
package protocol AssetProber: Sendable {
    /// Whether the asset server says within `timeout` that it is well.
    func isHealthy(within timeout: Duration) async -> Bool

    /// Asks once for something that has to be refused, and so has no effect, to learn whether the asset server carries out
    /// such requests. Returns when it refused, throws what is wrong otherwise.
    func probe(_ access: AssetAccess, for call: StorageCall) async throws(StorageTrouble)
}

/// What is done with assets.
package enum AssetAccess: Sendable, Hashable, CaseIterable {
    case reading
    case writing
}
