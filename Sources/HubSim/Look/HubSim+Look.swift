import AMQP
import MessageHub
import Octets

/// Looking in from outside, and putting something in from behind.
extension HubSim {
    /// What the hub holds at this moment.
    public func snapshot() -> HubSnapshot { hub.snapshot() }

    /// One queue at this moment, which costs far less than a snapshot of all; `nil` where there is none of this name.
    public func queue(_ name: String, vhost: String = "/") -> QueueSnapshot? {
        hub.look { broker in broker.queue(name, vhost).map(QueueSnapshot.init) }
    }

    /// The messages that wait in a queue, in the order of delivery. They stay there.
    public func messages(in queue: String, vhost: String = "/", limit: Int = 100) -> [HubMessage] {
        hub.look { broker in broker.queue(queue, vhost)?.ready.prefix(limit).map { HubMessage($0.message) } ?? [] }
    }

    /// The messages that wait in a queue, in the order of delivery, with what the queue knows of them. They stay there.
    public func peek(_ queue: String, vhost: String = "/", limit: Int = 100) -> [PeekedMessage] {
        hub.look { broker in
            let waiting = broker.queue(queue, vhost)?.ready.prefix(limit) ?? []
            return waiting.enumerated().map { PeekedMessage($0.element, position: $0.offset) }
        }
    }

    /// The queues that a message with this routing key and no headers would go to, by name; none where there is no such
    /// exchange.
    public func queues(for key: String, from exchange: String, vhost: String = "/") -> [QueueSnapshot] {
        var found: [QueueSnapshot] = []
        hub.change { broker, _ in
            guard let host = broker.hosts[vhost], let exchange = host.exchanges[exchange] else { return }
            found = broker.search(from: exchange, keys: [key], headers: nil, in: host).queues.map(QueueSnapshot.init)
        }
        return found.sorted(byOctetsOf: \.name)
    }

    /// Publishes from behind, without a connection.
    /// - Returns: how many queues took the message. Throws `HubError.refused` where there is no such exchange or vhost.
    @discardableResult
    public func publish(_ message: HubMessage, to address: HubAddress, vhost: String = "/") throws(HubError) -> Int {
        let message = try Message(message, to: address)
        var result: Result<Int, ProtocolError> = .success(0)
        hub.change { broker, now in result = broker.insert(message, vhost, at: now) }
        do throws(ProtocolError) { return try result.get() } catch { throw HubError(refusal: error) }
    }
}
