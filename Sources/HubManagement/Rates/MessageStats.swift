import HubSim
import JSON

/// `message_stats` of the management API: counts, each with its rate.
struct MessageStats {
    private(set) var members: [String: JSONValue] = [:]

    var json: JSONValue { .object(members) }

    /// Adds a count and its `…_details`.
    mutating func add(_ name: String, _ count: some BinaryInteger, rate: Double) {
        members[name] = .integer(Int64(clamping: count))
        members["\(name)_details"] = ["rate": .number(rate)]
    }

    /// What happened in a queue.
    static func queue(_ counters: QueueCounters, _ key: RateBoard.Key, _ rates: RateBoard) -> MessageStats {
        var stats = MessageStats()
        for (name, count) in queueCounts {
            stats.add(name, count(counters), rate: rates.ofQueue(key) { Int64(clamping: count($0.counters)) })
        }
        return stats
    }

    /// What happened in the whole hub.
    static func hub(_ counters: BrokerCounters, _ rates: RateBoard) -> MessageStats {
        var stats = MessageStats()
        for (name, count) in hubCounts {
            stats.add(name, count(counters), rate: rates.ofHub { Int64(clamping: count($0.counters)) })
        }
        return stats
    }

    private static let queueCounts: [(String, @Sendable (QueueCounters) -> UInt64)] = [
        ("ack", \.acknowledged),
        ("deliver", { $0.delivered - $0.deliveredNoAck }),
        ("deliver_get", { $0.delivered + $0.got }),
        ("deliver_no_ack", \.deliveredNoAck),
        ("get", { $0.got - $0.gotNoAck }),
        ("get_no_ack", \.gotNoAck),
        ("publish", \.published),
        ("redeliver", \.redelivered),
    ]

    private static let hubCounts: [(String, @Sendable (BrokerCounters) -> UInt64)] = [
        ("ack", \.acknowledged),
        ("confirm", \.confirmed),
        ("deliver", { $0.delivered - $0.deliveredNoAck }),
        ("deliver_get", { $0.delivered + $0.got }),
        ("deliver_no_ack", \.deliveredNoAck),
        ("drop_unroutable", \.unroutable),
        ("get", { $0.got - $0.gotNoAck }),
        ("get_empty", \.gotEmpty),
        ("get_no_ack", \.gotNoAck),
        ("publish", \.published),
        ("redeliver", \.redelivered),
        ("return_unroutable", \.returned),
    ]
}
