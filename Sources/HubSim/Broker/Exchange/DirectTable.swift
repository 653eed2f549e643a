import AMQP

/// Destinations by exactly their binding key (AMQP 0-9-1 §3.1.3.1).
final class DirectTable: RoutingTable {
    private var destinations: [String: [Destination]] = [:]

    func add(_ binding: Binding) { destinations[binding.key.routingKey, default: []].append(binding.destination) }

    func remove(_ binding: Binding) {
        destinations[binding.key.routingKey]?.removeOne(binding.destination)
        if destinations[binding.key.routingKey]?.isEmpty == true { destinations[binding.key.routingKey] = nil }
    }

    func match(keys: [String], headers: FieldTable?, into found: inout [Destination]) {
        for key in keys {
            if let matches = destinations[key] { found.append(contentsOf: matches) }
        }
    }
}
