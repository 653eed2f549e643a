import HubSim
import Octets
import Synchronization

/// How fast things go in the hub: looked at once a second, told as the mean of the last five.
final class RateBoard: Sendable {
    /// Queues, and exchanges, whose rates are told one by one. Further ones have none.
    static let seriesMax = 1000
    /// How often is looked, in milliseconds.
    static let intervalMs = 1000
    /// How many looks are kept: over so many of them means are taken.
    private static let looksMax = 6

    struct Key: Hashable {
        private let vhost: ExactText
        private let name: ExactText

        init(vhost: String, name: String) {
            self.vhost = ExactText(vhost)
            self.name = ExactText(name)
        }
    }

    private struct Look {
        let at: Duration
        let tally: HubTally
        let queues: [Key: QueueTally]
        let exchanges: [Key: UInt64]
    }

    private let hub: HubSim
    private let looks = Mutex<[Look]>([])
    private let now: @Sendable () -> Duration

    /// - Parameter now: the time since some beginning.
    init(hub: HubSim, now: @escaping @Sendable () -> Duration) {
        self.hub = hub
        self.now = now
    }

    /// Looks once.
    func look() {
        let tally = hub.tally(most: Self.seriesMax)
        let look = Look(
            at: now(),
            tally: tally,
            queues: Dictionary(tally.queues.map { (Key(vhost: $0.vhost, name: $0.name), $0) }) { first, _ in first },
            exchanges: Dictionary(tally.exchanges.map { (Key(vhost: $0.vhost, name: $0.name), $0.published) }) {
                first,
                _ in first
            }
        )
        looks.withLock { looks in
            if looks.count == Self.looksMax { looks.removeFirst() }
            looks.append(look)
        }
    }

    /// A second of a number of the whole hub.
    func ofHub(_ number: (HubTally) -> Int64) -> Double { rate { number($0.tally) } }

    /// A second of a number of one queue.
    func ofQueue(_ key: Key, _ number: (QueueTally) -> Int64) -> Double {
        rate { look in look.queues[key].map(number) }
    }

    /// Publishes to an exchange, a second.
    func ofExchange(_ key: Key) -> Double { rate { look in look.exchanges[key].map { Int64(clamping: $0) } } }

    /// The change a second over the looks that know the number. One that went down because it began anew has no rate.
    private func rate(_ number: (Look) -> Int64?) -> Double {
        looks.withLock { looks in
            let known = looks.compactMap { look in number(look).map { (at: look.at, value: $0) } }
            guard let first = known.first, let last = known.last, last.at > first.at else { return 0 }
            let rate = Double(last.value - first.value) / ((last.at - first.at) / .seconds(1))
            return (rate * 100).rounded() / 100
        }
    }
}
