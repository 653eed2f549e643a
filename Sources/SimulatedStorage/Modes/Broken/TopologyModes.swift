import HubProtocol
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes of the AMQP binding: what is declared, bound and consumed.
    static let ofTopology: [StorageMode] = [
        .broken(
            "exchange-not-durable",
            breaks: "HUB-TOP-001",
            "Declares the exchange without `durable`, so that no requester's declaration fits.",
            AlteredTopology(exchangeChange: { $0.isDurable = false })
        ),
        .broken(
            "exchange-of-kind-direct",
            breaks: "HUB-TOP-001",
            "Declares the exchange as `direct`, which the first examples of every library do.",
            AlteredTopology(exchangeChange: { exchange in
                exchange = ExchangeDeclaration(name: exchange.name, kind: .direct, isDurable: true)
            })
        ),
        .broken(
            "queue-not-durable",
            breaks: "HUB-TOP-002",
            "Declares its queue without `durable`: requests are lost with the hub.",
            AlteredTopology(queueChange: { $0.isDurable = false })
        ),
        .broken(
            "queue-auto-delete",
            breaks: "HUB-TOP-002",
            "Declares its queue as auto-delete: requests are lost while no instance runs.",
            isSlow: true,
            AlteredTopology(queueChange: { $0.isAutoDelete = true })
        ),
        .broken(
            "queue-not-bound",
            breaks: "HUB-TOP-003",
            "Declares its queue and forgets to bind it: requests come back as unroutable.",
            AlteredTopology(key: { $0 == Topology.Key.request ? nil : $0 })
        ),
        .broken(
            "queue-bound-by-a-wildcard",
            breaks: "HUB-TOP-003",
            "Binds its queue by `storage.*`: replies on the exchange come back to it as requests.",
            AlteredTopology(key: { $0 == Topology.Key.request ? "storage.*" : $0 })
        ),
        .broken(
            "queue-per-instance",
            breaks: "HUB-TOP-004",
            "Consumes a queue of its own in the place of the shared one, as a listener to events would.",
            isSlow: true,
            QueueOfItsOwn()
        ),
        .broken(
            "answers-only-server-named-queues",
            breaks: "HUB-TOP-006",
            "Takes a `reply_to` for one only where the hub made the name (`amq.…`), and answers others on the exchange.",
            RepliesToServerNamedQueues()
        ),
        .broken(
            "declares-once",
            breaks: "HUB-TOP-009",
            "Declares its queue on its first connection, and on later ones takes for granted that it is there.",
            DeclaresOnce()
        ),
    ]
}

/// Two instances work through every request twice, and one alone leaves the shared queue undeclared.
private final class QueueOfItsOwn: Conduct {
    private let name = Mutex<String?>(nil)

    func queue(_ declaration: QueueDeclaration, on line: Line) -> QueueDeclaration {
        name.withLock { name in
            var declaration = declaration
            declaration.name = name ?? "\(declaration.name).\(line.ids.next())"
            name = declaration.name
            return declaration
        }
    }
}

private struct RepliesToServerNamedQueues: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .reply, publication.address.exchange.isEmpty,
            !publication.address.routingKey.hasPrefix("amq.")
        {
            publication.toExchange(of: line)
        }
        try await line.publish(publication)
    }
}

extension Publication {
    /// To everybody who listens, as a reply goes that has no queue of its own.
    mutating func toExchange(of line: Line) {
        address = HubAddress(exchange: line.exchange, routingKey: Topology.Key.response)
        isMandatory = false
    }
}

private final class DeclaresOnce: Conduct {
    private let isFirst = Mutex(true)

    func begin(connection number: Int, on core: StorageCore) async throws { isFirst.withLock { $0 = number == 1 } }

    func queue(_ declaration: QueueDeclaration, on line: Line) -> QueueDeclaration {
        var declaration = declaration
        declaration.isPassive = !isFirst.withLock { $0 }
        return declaration
    }
}
