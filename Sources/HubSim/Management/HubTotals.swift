/// The sums of the hub, without what they are sums of.
package struct HubTotals: Sendable {
    package var counters: BrokerCounters
    package var readyCount = 0
    package var unackedCount = 0
    package var queueCount = 0
    package var exchangeCount = 0
    package var connectionCount: Int
    package var channelCount: Int
    package var consumerCount = 0
    /// Bytes of messages in all queues.
    package var messageBytes: Int
    /// Whether publishers are blocked because memory is short.
    package var isBlocking: Bool
}

extension HubTotals {
    init(_ broker: borrowing Broker) {
        counters = broker.counters
        connectionCount = broker.connections.count
        channelCount = broker.connections.values.reduce(0) { $0 + $1.channels.count }
        messageBytes = broker.memory.messageBytes
        isBlocking = broker.isBlocking
        for host in broker.hosts.values {
            queueCount += host.queues.count
            exchangeCount += host.exchanges.count
            for queue in host.queues.values {
                readyCount += queue.ready.count
                unackedCount += queue.unackedCount
                consumerCount += queue.consumers.count
            }
        }
    }
}

/// A vhost, and how many messages are in it.
package struct VirtualHostTotals: Sendable {
    package var name: String
    package var readyCount: Int
    package var unackedCount: Int
}

extension VirtualHostTotals {
    init(_ host: VirtualHost) {
        name = host.name
        readyCount = host.queues.values.reduce(0) { $0 + $1.ready.count }
        unackedCount = host.queues.values.reduce(0) { $0 + $1.unackedCount }
    }
}
