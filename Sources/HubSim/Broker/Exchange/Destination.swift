import Octets

/// Where a binding leads.
enum Destination {
    case queue(Queue)
    case exchange(Exchange)

    /// Which object it is.
    var identity: ObjectIdentifier {
        switch self {
        case .queue(let queue): ObjectIdentifier(queue)
        case .exchange(let exchange): ObjectIdentifier(exchange)
        }
    }

    /// Kind and name, as bindings are compared.
    var key: DestinationKey {
        switch self {
        case .queue(let queue): .queue(ExactText(queue.name))
        case .exchange(let exchange): .exchange(ExactText(exchange.name))
        }
    }
}

/// Kind and name of a destination.
enum DestinationKey: Hashable {
    case queue(ExactText)
    case exchange(ExactText)
}
