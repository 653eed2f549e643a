/// What has happened in the broker since its beginning.
package struct BrokerCounters: Sendable, Hashable {
    package var published: UInt64 = 0
    package var returned: UInt64 = 0
    package var confirmed: UInt64 = 0
    package var delivered: UInt64 = 0
    package var acknowledged: UInt64 = 0
    /// Published to no queue and not mandatory.
    package var unroutable: UInt64 = 0
    /// Closed on their clients, by reply code.
    package var channelsClosed: [Int: Int] = [:]
    package var connectionsClosed: [Int: Int] = [:]
}
