import AMQP
import Octets

/// Destinations by exactly their binding key (AMQP 0-9-1 §3.1.3.1).
final class DirectTable: RoutingTable {
    private var destinations: [ExactText: [Destination]] = [:]

    func add(_ binding: Binding) { destinations[binding.key.routingKey, default: []].append(binding.destination) }

    func remove(_ binding: Binding) {
        let key = binding.key.routingKey
        destinations[key]?.removeOne(binding.destination)
        if destinations[key]?.isEmpty == true { destinations[key] = nil }
    }

    func match(keys: [String], headers: FieldTable?, into found: inout [Destination]) {
        for key in keys {
            if let matches = destinations[key] { found.append(contentsOf: matches) }
        }
    }
}
