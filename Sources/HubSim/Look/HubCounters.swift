/// What has happened in a hub since it began; the difference of two moments gives rates.
public struct HubCounters: Sendable, Hashable {
    /// Messages that clients published.
    public var published: UInt64
    /// To no queue, and given back as `mandatory`.
    public var returned: UInt64
    /// To no queue, and dropped.
    public var unroutable: UInt64
    public var confirmed: UInt64
    public var delivered: UInt64
    public var acknowledged: UInt64
    /// Channels that were closed on their clients, by reply code.
    public var channelsClosed: [Int: Int]
    /// Connections that were closed on their clients, by reply code.
    public var connectionsClosed: [Int: Int]

    init(_ counters: BrokerCounters) {
        published = counters.published
        returned = counters.returned
        unroutable = counters.unroutable
        confirmed = counters.confirmed
        delivered = counters.delivered
        acknowledged = counters.acknowledged
        channelsClosed = counters.channelsClosed
        connectionsClosed = counters.connectionsClosed
    }
}

/// What happens in a hub in a second, between two snapshots.
public struct HubRates: Sendable, Hashable {
    public var published: Double
    public var confirmed: Double
    public var delivered: Double
    public var acknowledged: Double
}

extension HubSnapshot {
    /// Messages a second since an earlier snapshot of the same hub; nil where no time has passed since.
    public func rates(since earlier: HubSnapshot) -> HubRates? {
        let seconds = (time - earlier.time) / .seconds(1)
        guard seconds > 0 else { return nil }
        func rate(_ count: KeyPath<HubCounters, UInt64>) -> Double {
            (Double(counters[keyPath: count]) - Double(earlier.counters[keyPath: count])) / seconds
        }
        return HubRates(
            published: rate(\.published),
            confirmed: rate(\.confirmed),
            delivered: rate(\.delivered),
            acknowledged: rate(\.acknowledged)
        )
    }
}
