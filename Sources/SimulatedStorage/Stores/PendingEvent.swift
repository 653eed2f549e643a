import HubProtocol

/// An event that took effect and is not known to be published yet.
public struct PendingEvent: Sendable, Hashable {
    /// Its place in the order of effects, given by the store; never used twice.
    public var sequence: Int64
    public var event: StorageEvent

    public init(sequence: Int64, event: StorageEvent) {
        self.sequence = sequence
        self.event = event
    }
}
