/// What has happened in the broker since its beginning.
package struct BrokerCounters: Sendable, Hashable {
    package var published: UInt64 = 0
    package var returned: UInt64 = 0
    package var confirmed: UInt64 = 0
    package var delivered: UInt64 = 0
    package var acknowledged: UInt64 = 0
    /// Published to no queue and not mandatory.
    package var unroutable: UInt64 = 0
    /// Of the delivered ones, those that need no acknowledgement.
    package var deliveredNoAck: UInt64 = 0
    package var redelivered: UInt64 = 0
    /// Answers to `basic.get` with a message.
    package var got: UInt64 = 0
    /// Of those, the ones that need no acknowledgement.
    package var gotNoAck: UInt64 = 0
    /// Answers to `basic.get` without one.
    package var gotEmpty: UInt64 = 0
    package var connectionsOpened: UInt64 = 0
    package var connectionsEnded: UInt64 = 0
    package var channelsOpened: UInt64 = 0
    package var channelsEnded: UInt64 = 0
    package var queuesDeclared: UInt64 = 0
    package var queuesCreated: UInt64 = 0
    package var queuesDeleted: UInt64 = 0
    /// Closed on their clients, by reply code.
    package var channelsClosed: [Int: Int] = [:]
    package var connectionsClosed: [Int: Int] = [:]
}
