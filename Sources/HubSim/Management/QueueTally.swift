/// The numbers of a queue that change with every message: what rates are made of.
package struct QueueTally: Sendable {
    package var vhost: String
    package var name: String
    package var counters: QueueCounters
    package var readyCount: Int
    package var unackedCount: Int
}

/// The numbers of the hub that change with every message.
package struct HubTally: Sendable {
    package var counters: BrokerCounters
    package var readyCount: Int
    package var unackedCount: Int
    /// Of at most so many queues as were asked for.
    package var queues: [QueueTally]
    /// Messages published to each exchange, of at most so many.
    package var exchanges: [(vhost: String, name: String, published: UInt64)]
}

extension HubTally {
    /// - Parameter most: how many queues, and how many exchanges, are told one by one. All are in the sums.
    init(_ broker: borrowing Broker, most: Int) {
        counters = broker.counters
        (readyCount, unackedCount) = (0, 0)
        queues = []
        exchanges = []
        for host in broker.hosts.values {
            for queue in host.queues.values {
                readyCount += queue.ready.count
                unackedCount += queue.unackedCount
                guard queues.count < most else { continue }
                queues.append(
                    QueueTally(
                        vhost: host.name,
                        name: queue.name,
                        counters: queue.counters,
                        readyCount: queue.ready.count,
                        unackedCount: queue.unackedCount
                    )
                )
            }
            for exchange in host.exchanges.values where exchanges.count < most {
                exchanges.append((host.name, exchange.name, exchange.publishedCount))
            }
        }
    }
}
