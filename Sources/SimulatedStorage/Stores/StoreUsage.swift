import HubProtocol

/// How much a store holds.
public struct StoreUsage: Sendable, Hashable {
    public var images = 0
    /// Of all images together.
    public var versions = 0
    /// Remembered with their reply.
    public var operations = 0
    /// When the oldest of these was carried out.
    public var oldestOperation: Timestamp?
    public var pendingEvents = 0
    public var assets = 0

    public init() {}
}
